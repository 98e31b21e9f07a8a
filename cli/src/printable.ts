import { withoutLogCommands } from './log-commands.ts';

/**
 * A text that may go to a terminal or a log. Names and messages come from clusters and files, and a control character
 * among them could move the cursor, rewrite what is shown, or type for the person; here it shows as `\\x1b`, one that
 * turns the direction of what follows as `\\u202e`, and what the log would obey begins with `\\x23`.
 */
export function printable(text: string): string {
  return withoutLogCommands(withoutControls(text), '\\x23').replaceAll(
    /[\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (mark) => `\\u${hex(mark, 4)}`,
  );
}

/** As `printable`, for documents, in which marks of direction may be meant and would become other text. */
export function withoutControls(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n\t]/gu, (character) => `\\x${hex(character, 2)}`);
}

/**
 * As `printable`, within one line: names of files and keys may hold line breaks, behind which anything could pass for
 * a line of ours.
 */
export function inOneLine(text: string): string {
  return readable(printable(text).replaceAll('\n', '\\n'));
}

/** What a cluster says, as `inOneLine`, for prose: its spacing says nothing. */
export function oneLine(text: string): string {
  return readable(printable(text.replaceAll(/\s+/g, ' ').trim()));
}

/** Nobody reads on there, and what stood above would be out of sight. */
const mostCharacters = 10_000;

function readable(text: string): string {
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text;
}

function hex(character: string, digits: number): string {
  return character.charCodeAt(0).toString(16).padStart(digits, '0');
}
