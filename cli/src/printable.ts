import { withoutLogCommands } from './log-commands.ts';
import { printableName } from './path-bytes.ts';

/**
 * A text that may go to a terminal or a log. Names and messages come from clusters and files, and a control character
 * among them could move the cursor, rewrite what is shown, or type for the person; here it shows as `\\x1b`, one that
 * turns the direction of what follows, or that nobody sees, as `\\u202e`, and what the log would obey begins with
 * `\\x23`.
 */
export function printable(text: string): string {
  return withoutLogCommands(withoutControls(printableName(text)), '\\x23').replaceAll(unseen, (mark) =>
    mark.length > 1 ? `\\u{${hex(mark, 4)}}` : `\\u${hex(mark, 4)}`,
  );
}

/** But what only says that the sign before it is drawn in color. */
const unseen =
  /(?!(?<=\p{Extended_Pictographic})\ufe0f)[\p{Default_Ignorable_Code_Point}\p{Cf}\u2028\u2029]/gu;

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
  return (character.codePointAt(0) ?? 0).toString(16).padStart(digits, '0');
}
