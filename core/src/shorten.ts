/**
 * Of a text that is longer, its beginning and its end, as what to do often stands there.
 *
 * @param most as many UTF-16 units at most
 */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = Math.floor((most - gap.length) / 3);
  // No half of a character that takes two units.
  const head = text.slice(0, most - gap.length - end).replace(/[\ud800-\udbff]$/, '');
  const tail = text.slice(-end).replace(/^[\udc00-\udfff]/, '');
  return `${head}${gap}${tail}`;
}

const gap = ' … ';

/** The first few of them, each of a length that can be read, and how many there are besides. */
export function fewSentences(sentences: readonly string[]): string {
  const few = sentences.slice(0, mostSentences).map((sentence) => shorten(sentence, mostOfOne));
  const left = sentences.length - few.length;
  return [...few, ...(left > 0 ? [`… and ${left} more.`] : [])].join(' ');
}

const mostSentences = 5;
const mostOfOne = 500;
