/**
 * A text that may go to a terminal. Names and messages come from clusters and files, and a control character among
 * them could move the cursor, rewrite what is shown, or type for the person; here it shows as `\\x1b`.
 */
export function printable(text: string): string {
  return text.replaceAll(
    /[^\P{Cc}\n\t]/gu,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}
