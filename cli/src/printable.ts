/**
 * A text that may go to a terminal. Names and messages come from clusters and files, and a control character among
 * them could move the cursor, rewrite what is shown, or type for the person; here it shows as `\\x1b`, and one that
 * turns the direction of what follows as `\\u202e`.
 */
export function printable(text: string): string {
  return withoutControls(text).replaceAll(
    /[\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (mark) => `\\u${hex(mark, 4)}`,
  );
}

/** As `printable`, for documents, in which marks of direction may be meant and would become other text. */
export function withoutControls(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n\t]/gu, (character) => `\\x${hex(character, 2)}`);
}

function hex(character: string, digits: number): string {
  return character.charCodeAt(0).toString(16).padStart(digits, '0');
}
