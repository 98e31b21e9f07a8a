import type { CST } from 'yaml';
import { closeBrace, closeBracket, openBrace, openBracket } from '../text/characters.ts';

/**
 * Where a text is nested deeper than anybody writes; the parser, which calls itself for each level, would run out
 * of stack there, sooner or later as the case may be. What stands in quotes counts too. Of what is left,
 * `tooDeepToken` knows.
 */
export function tooDeepAt(text: string): number | undefined {
  const block = deepBlock.exec(text);
  const flow = deepFlow(text);
  if (block === null) return flow;
  const at = block.index + block[0].length - 1;
  return flow === undefined ? at : Math.min(flow, at);
}

/**
 * Where the tokens of a document are nested deeper than anybody writes; of `a: a: a:` only they show it. The stack
 * holds more levels of what has been compiled by then: without a bound, a program that has just started would read
 * another value than one that has run for long.
 */
export function tooDeepToken(document: CST.Token): number | undefined {
  let level: readonly CST.Token[] = [document];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxLevels) return level[0]?.offset;
    level = level.flatMap(collectionsIn);
  }
  return undefined;
}

function collectionsIn(token: CST.Token): readonly CST.Token[] {
  const inner =
    token.type === 'document'
      ? [token.value]
      : 'items' in token
        ? token.items.flatMap(({ key, value }) => [key, value])
        : [];
  return inner.filter((one) => one !== null && one !== undefined && 'items' in one);
}

/** Where a text has more aliases than anybody writes; for each, the parser looks through all that comes before. */
export function tooManyAliasesAt(text: string): number | undefined {
  if (!text.includes('*')) return undefined;
  let count = 0;
  for (const { index, 0: found } of text.matchAll(/(?:^|[\s,:[{-])\*(?=[^\s*,[\]{}])/g)) {
    count += 1;
    if (count > maxAliases) return index + found.length - 1;
  }
  return undefined;
}

const maxAliases = 3000;

/** A third of what the stack holds at least. */
const maxLevels = 300;
const maxBrackets = 300;
/** A line of content far to the right, or as many dashes. A level takes at least a column, or a dash. */
const deepBlock = /(?:^|\n) {600} *[^ \r\n]|(?:[-?] +){300}\S/;

function deepFlow(text: string): number | undefined {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === openBracket || code === openBrace) {
      depth += 1;
      if (depth > maxBrackets) return at;
    } else if (depth > 0 && (code === closeBracket || code === closeBrace)) depth -= 1;
  }
  return undefined;
}
