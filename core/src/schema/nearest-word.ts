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
  const letters = Array.from(to);
  const row = Array.from(from).reduce<readonly number[]>(
    (above, letter, index) =>
      letters.reduce<readonly number[]>(
        (left, other, column) => [
          ...left,
          Math.min(
            (above[column] ?? 0) + (letter === other ? 0 : 1),
            (above[column + 1] ?? 0) + 1,
            (left[column] ?? 0) + 1,
          ),
        ],
        [index + 1],
      ),
    [0, ...letters.map((_, index) => index + 1)],
  );
  return row.at(-1) ?? 0;
}
