/** The word that `word` is most likely a misspelling of: at most two letters too many, missing or other. */
export function nearestWord(word: string, words: readonly string[]): string | undefined {
  // Of a short word, two other letters make another word.
  const most = word.length < 5 ? 1 : 2;
  const near = words
    .filter((known) => Math.abs(known.length - word.length) <= most)
    .map((known) => ({ known, distance: distanceOf(word.toLowerCase(), known.toLowerCase()) }))
    .filter(({ distance }) => distance <= most)
    .toSorted((a, b) => a.distance - b.distance);
  return near[0]?.known;
}

/** By Levenshtein: how many letters have to be put in, taken out or changed. */
function distanceOf(from: string, to: string): number {
  const row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let line = 1; line <= from.length; line += 1) {
    let diagonal = row[0] ?? 0;
    row[0] = line;
    for (let column = 1; column <= to.length; column += 1) {
      const above = row[column] ?? 0;
      const cost = from[line - 1] === to[column - 1] ? 0 : 1;
      row[column] = Math.min(diagonal + cost, above + 1, (row[column - 1] ?? 0) + 1);
      diagonal = above;
    }
  }
  return row[to.length] ?? 0;
}
