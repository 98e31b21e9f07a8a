/**
 * Keeps JSON texts that much resemble each other, as those of the objects of a thousand routers do, in a tenth of the
 * room: of each only in what it differs from an earlier one of as many parts. A shortened text is known only to whoever
 * shortened it.
 */
export class ShortTexts {
  readonly #samples = new Map<number, readonly string[]>();

  shorten(text: string): string {
    const parts = text.split(mark);
    const sample = this.#samples.get(parts.length);
    if (sample === undefined && this.#samples.size < mostSamples) this.#samples.set(parts.length, parts);
    if (sample === undefined) return mark + text;
    const changes = parts.flatMap((part, index) => (part === sample[index] ? [] : [index, part]));
    const short = [parts.length, ...changes].join(mark);
    return short.length < text.length ? short : mark + text;
  }

  restore(short: string): string {
    if (short.startsWith(mark)) return short.slice(mark.length);
    const [length, ...changes] = short.split(mark);
    const parts = [...(this.#samples.get(Number(length)) ?? [])];
    for (let at = 0; at < changes.length; at += 2) parts[Number(changes[at])] = changes[at + 1] ?? '';
    return parts.join(mark);
  }
}

/** No part has it, and no number. */
const mark = '"';
/** Routers differ in how many rules and addresses they have. */
const mostSamples = 32;
