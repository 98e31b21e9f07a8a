/** Hours, minutes and seconds of a moment as ISO 8601 writes it, in the person's own time. */
export function clockText(iso: string): string {
  const time = new Date(iso);
  return [time.getHours(), time.getMinutes(), time.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}
