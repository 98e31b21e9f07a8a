// Writes l10n/bundle.l10n.json, what translators start from: the t`…` texts of the client (client/src/l10n.ts), and the
// sentences of those whose words the client only passes on, which it finds again by how they read (client/src/told.ts).
import { glob, readFile } from 'node:fs/promises';
import { parseSync, Visitor } from 'oxc-parser';
import { sentencesOf } from '../client/src/sentences.ts';

export const target = 'l10n/bundle.l10n.json';

/** What people read of it is passed on by the client. */
export const others = [
  'agent/src/{operator,router}/**/*.ts',
  'cluster/src/**/*.ts',
  'core/src/**/*.ts',
  'language/src/**/*.ts',
  'sandbox/src/preflight.ts',
  'server/src/**/*.ts',
];

/** Input of programs, examples of manifests, and expressions of the API server. */
const notSaid = new RegExp(
  [
    'agent/src/.*/(?:metrics|options)',
    'core/src/(?:prometheus-text|admission/cel)',
    'core/src/attachment/(?:address-askers|duplicate-address|ip-batch|nft-(?:reload|ruleset))',
    'core/src/egress-router/docs',
    'core/src/manifest/agent-objects\\.generated',
  ]
    .map((path) => `(?:${path}\\.ts$)`)
    .join('|'),
);

export async function generateL10n() {
  const messages = new Set();
  for await (const file of glob('client/src/**/*.ts')) {
    if (file.endsWith('/l10n.ts')) continue;
    for (const message of messagesOf(await readFile(file, 'utf8'))) messages.add(message);
  }
  for await (const file of glob(others)) {
    if (notSaid.test(file)) continue;
    const source = await readFile(file, 'utf8');
    for (const sentence of sentencesIn(source)) messages.add(sentence);
    if (!file.endsWith('/hover/field-markdown.ts')) continue;
    // What a field is stands there in single words.
    for (const word of textsIn(source)) if (/^[a-z]+$/.test(word)) messages.add(word);
  }
  const sorted = [...messages].toSorted((a, b) => (a < b ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(sorted.map((message) => [message, message])), null, 2)}\n`;
}

/** Of all texts of a program those that read as sentences, or as parts of one, each with `{0}` … for its values. */
export function sentencesIn(source) {
  return textsIn(source).flatMap(partsOf).filter(isSaid);
}

/** All texts of a program, with `{0}` for each value, but for those that only a log or a program gets. */
export function textsIn(source) {
  const texts = [];
  const spared = [];
  const spare = ({ start, end }) => void spared.push({ start, end });
  const { program } = parseSync('source.ts', source);
  new Visitor({
    ImportDeclaration: spare,
    TSLiteralType: spare,
    CallExpression: (node) => {
      if (/(?:console\.\w+|[lL]og(?:\.\w+)?)$/.test(source.slice(node.callee.start, node.callee.end)))
        spare(node);
    },
    Literal: ({ start, value }) => typeof value === 'string' && texts.push({ start, text: value }),
    TemplateLiteral: ({ start, quasis }) =>
      texts.push({ start, text: quasis.map(({ value }) => value.cooked).join('{0}') }),
  }).visit(program);
  return texts
    .filter(({ start }) => !spared.some((range) => range.start <= start && start < range.end))
    .map(({ text }) => text);
}

/** What is looked for by itself: the sentences of a text, and what stands in a line of Markdown (client/src/told.ts). */
export function partsOf(text) {
  return text
    .replace(/^- /, '')
    .split(' · ')
    .flatMap((part) => sentencesOf(part.replace(valueAfterSentence, ' ')))
    .map(numbered);
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

/** Two words side by side, or one beside a value; neither a command nor a line of a manifest. */
function isSaid(text) {
  if (/\n|\$\{|^(?:[#<-]|\/(?!\{))|^[\w.]+: [\w./-]+$/.test(text) || commands.test(text)) return false;
  if (/^[A-Z][a-z]+\.$/.test(text)) return true;
  const words = text.match(/(?<![\w.-])[A-Za-z][a-z']+(?![\w-])/g)?.length ?? 0;
  if (/ \+ |[<>=]/.test(text) && words < 4) return false;
  return /[A-Za-z]{2,}["`]?[;:,.]? (?:→ )?["`*/]*[A-Za-z{]|\}["`*]* [a-z]{2,}/.test(text);
}

const commands =
  /^(?:address (?:add|replace)|default via|kubectl (?:create|label)|link|neigh\w*|oc|pref|route|rule|suppress_\w+|table(?= \S+$)) /;

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
