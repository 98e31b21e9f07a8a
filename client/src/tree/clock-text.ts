/** Hours, minutes and seconds of a moment as ISO 8601 writes it, in the person's own time. */
export function clockText(iso: string): string {
  const time = new Date(iso);
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map(twoDigits).join(':');
}

/** With its day, for what may last over a night: `2026-11-23 17:59:51`. */
export function dayAndClockText(iso: string): string {
  const time = new Date(iso);
  const day = [time.getFullYear(), time.getMonth() + 1, time.getDate()].map(twoDigits).join('-');
  return `${day} ${clockText(iso)}`;
}

function twoDigits(part: number): string {
  return String(part).padStart(2, '0');
}
