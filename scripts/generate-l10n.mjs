// Writes l10n/bundle.l10n.json, what translators start from, out of the t`…` texts of the client (client/src/l10n.ts).
import { glob, readFile } from 'node:fs/promises';

export const target = 'l10n/bundle.l10n.json';

export async function generateL10n() {
  const messages = new Set();
  for await (const file of glob('client/src/**/*.ts')) {
    if (file.endsWith('/l10n.ts')) continue;
    for (const message of messagesOf(await readFile(file, 'utf8'))) messages.add(message);
  }
  const sorted = [...messages].toSorted((a, b) => (a < b ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(sorted.map((message) => [message, message])), null, 2)}\n`;
}

/** Each text with `{0}`, `{1}` … for its values, as `t` looks it up. Those within values are found as well. */
export function messagesOf(source) {
  return [...source.matchAll(/(?<![\w$.])t`/g)].map(({ index }) => {
    let message = '';
    let values = 0;
    let at = index + 2;
    while (source[at] !== '`') {
      if (source.startsWith('${', at)) {
        message += `{${values}}`;
        values += 1;
        at = endOfCode(source, at + 2) + 1;
      } else if (source[at] === '\\') {
        message += unescaped(source[at + 1]);
        at += 2;
      } else {
        message += source[at];
        at += 1;
      }
    }
    return message;
  });
}

/** Where the brace stands that ends an expression in a template. */
function endOfCode(source, start) {
  let depth = 0;
  for (let at = start; at < source.length; at += 1) {
    const char = source[at];
    if (char === '}' && depth === 0) return at;
    if (char === '{') depth += 1;
    if (char === '}') depth -= 1;
    if (char === "'" || char === '"') {
      at += 1;
      while (source[at] !== char) at += source[at] === '\\' ? 2 : 1;
    }
    if (char === '`') at = endOfTemplate(source, at + 1);
  }
  throw new Error('A template does not end.');
}

function endOfTemplate(source, start) {
  for (let at = start; at < source.length; at += 1) {
    if (source[at] === '`') return at;
    if (source[at] === '\\') at += 1;
    else if (source.startsWith('${', at)) at = endOfCode(source, at + 2);
  }
  throw new Error('A template does not end.');
}

function unescaped(char) {
  if (char === 'n') return '\n';
  if (/[\w]/.test(char)) throw new Error(`\\${char} stands in a text: write the character itself.`);
  return char;
}
