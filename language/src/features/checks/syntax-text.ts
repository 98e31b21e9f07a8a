import type { SyntaxFault } from '../../yaml/parsed.ts';

/** What is wrong with the YAML and what to do, in plain words where the parser's need its specification. */
export function syntaxText({ code, message, opening }: SyntaxFault): string {
  if (opening !== undefined) return `${unclosed[opening]}${code === 'BAD_INDENT' ? orIndented : ''}.`;
  return plainText(code, message) ?? `The YAML cannot be read here: ${message.replace(/\.$/, '')}.`;
}

const unclosed = {
  '[': 'This list is opened with [ and never closed: add ]',
  '{': 'This object is opened with { and never closed: add }',
  '"': 'This text is opened with " and never closed: add "',
  "'": "This text is opened with ' and never closed: add '",
} as const satisfies Record<NonNullable<SyntaxFault['opening']>, string>;

/** The mark may be there, to the left of where its list belongs. */
const orIndented = ', or indent the lines that follow up to it';

function plainText(code: SyntaxFault['code'], message: string): string | undefined {
  switch (code) {
    case 'ALIAS':
      return unresolved(message);
    case 'BAD_INDENT':
      return 'This line is indented unlike its neighbors: put as many spaces before it as before them.';
    case 'TAB_AS_INDENT':
      return 'A tab stands before this: YAML is indented with spaces only.';
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'There is a second ": " here. Put quotes around a value that holds one, or correct the indentation of the line below.';
    case 'MULTILINE_IMPLICIT_KEY':
      return 'This is no "key: value". Add the ":" and a space after it, or correct the indentation.';
    case 'BAD_SCALAR_START':
      return 'No value may begin with this character: put quotes around the value.';
    case 'BAD_DQ_ESCAPE':
      return 'Between double quotes, \\ begins an escape sequence, and this one does not exist. Write \\\\ for one \\, or use single quotes.';
    case 'RESOURCE_EXHAUSTION':
      return 'The document is nested too deeply to be read: no manifest goes as deep.';
    case 'MISSING_CHAR':
      return missing(message);
    case 'UNEXPECTED_TOKEN':
      return unexpected(message);
    default:
      return undefined;
  }
}

/** An anchor holds in its own document. */
function unresolved(message: string): string | undefined {
  const name = /^Unresolved alias .*: (.*)$/.exec(message)?.[1];
  if (name === undefined) return undefined;
  return `No anchor "&${name}" stands before this in the same document, and none reaches beyond a "---" line: write the value itself.`;
}

/** The parser has one code for several marks. */
function missing(message: string): string | undefined {
  if (message.startsWith('Implicit map keys'))
    return 'A key needs a ":" and a value after it. Add them, or "- " before a list entry.';
  if (message.startsWith('Sequence item without'))
    return 'Between list entries there is a line that is none. Indent it as the entry it belongs to, or put "- " before it.';
  return undefined;
}

function unexpected(message: string): string | undefined {
  if (/flow-(seq|map)-end/.test(message)) return 'This bracket closes nothing: remove it, or open it before.';
  if (message.includes('block-seq-ind')) return 'A list begins on the line below its key: put this there.';
  if (message.includes('at node end'))
    return 'The value has ended before this: remove it, or put quotes around the whole value.';
  return undefined;
}
