// Writes l10n/bundle.l10n.json, what translators start from: the t`…` texts of the client (client/src/l10n.ts), and the
// sentences of those whose words the client only passes on, which it finds again by how they read (client/src/told.ts).
import { glob, readFile } from 'node:fs/promises';
import { parseSync, Visitor } from 'oxc-parser';
import { sentencesOf } from '../client/src/sentences.ts';

export const target = 'l10n/bundle.l10n.json';

/** What people read of it is passed on by the client. */
const others = [
  'agent/src/{operator,router}/**/*.ts',
  'cluster/src/**/*.ts',
  'core/src/{attachment,egress-router,legacy,nad,netconf,platform,relations,schema,service}/**/*.ts',
  'language/src/{features/checks,migration}/**/*.ts',
  'sandbox/src/preflight.ts',
];

/** Input of programs, and what stands in a completion, which comes from the language server as Markdown. */
const notSaid =
  /\.generated\.ts$|\/candidates\/|(?:candidates|docs|schema|address-askers|nft-[\w-]+|ip-batch|metrics|options)\.ts$/;

export async function generateL10n() {
  const messages = new Set();
  for await (const file of glob('client/src/**/*.ts')) {
    if (file.endsWith('/l10n.ts')) continue;
    for (const message of messagesOf(await readFile(file, 'utf8'))) messages.add(message);
  }
  for await (const file of glob(others)) {
    if (notSaid.test(file)) continue;
    for (const sentence of sentencesIn(await readFile(file, 'utf8'))) messages.add(sentence);
  }
  const sorted = [...messages].toSorted((a, b) => (a < b ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(sorted.map((message) => [message, message])), null, 2)}\n`;
}

/** Of all texts of a program those that read as sentences, or as parts of one, each with `{0}` … for its values. */
export function sentencesIn(source) {
  const texts = [];
  const { program } = parseSync('source.ts', source);
  new Visitor({
    Literal: ({ value }) => typeof value === 'string' && texts.push(value),
    TemplateLiteral: ({ quasis }) => texts.push(quasis.map(({ value }) => value.cooked).join('{0}')),
  }).visit(program);
  return texts
    .flatMap((text) => sentencesOf(text.replace(valueAfterSentence, ' ')))
    .map(numbered)
    .filter(isSaid);
}

/** More sentences, or nothing. */
const valueAfterSentence = /(?<=[.!?])\{0\}/g;

/** As the client shows it, which has the pod's name elsewhere. */
const aboutPod = /^Pod \{0\}: /;

/** Values that stand side by side are one: nobody can tell them apart. */
function numbered(text) {
  let values = 0;
  return text
    .trim()
    .replace(aboutPod, '')
    .replace(/(?:\{0\})+/g, () => `{${values++}}`);
}

function isSaid(text) {
  if (/[\n<>=]|\$\{|^[#/]|^(?:link|neigh\w*|oc|rule) /.test(text)) return false;
  const words = text.replace(/\{\d+\}/g, ' ').match(/(?<![\w.-])[A-Za-z][a-z']+(?![\w-])/g)?.length ?? 0;
  const least = /^[A-Z].*[.?!]$/.test(text) ? 2 : /^[A-Z]|[.?!]$/.test(text) ? 3 : 4;
  return words >= least;
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
