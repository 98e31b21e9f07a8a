// Every sentence that is written for people, wherever in the sources that the client shows something of, is in the
// bundle, or stands here with the reason why not.
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { others, partsOf, textsIn } from '../../scripts/generate-l10n.mjs';

const root = path.dirname(path.dirname(import.meta.dirname));
const bundle: object = JSON.parse(readFileSync(path.join(root, 'l10n/bundle.l10n.json'), 'utf8'));

/** Whole files. */
const files: readonly (readonly [reason: string, file: RegExp])[] = [
  ['only an administrator reads them, in a terminal or in metrics', /^agent\/.*\/(?:metrics|options)\.ts$/],
  [
    'rules of a program',
    /^core\/src\/attachment\/(?:address-askers|duplicate-address|ip-batch|nft-(?:reload|ruleset))\.ts$/,
  ],
  ['expressions of the API server', /^core\/src\/admission\/cel\.ts$/],
  ['a format for programs', /^core\/src\/prometheus-text\.ts$/],
  ['examples of manifests', /^core\/src\/egress-router\/docs\.ts$/],
  ['manifests', /^core\/src\/manifest\/agent-objects\.generated\.ts$/],
];

/** Texts within the other files. */
const texts: readonly (readonly [reason: string, text: RegExp])[] = [
  ['several lines are a manifest, a script or a ruleset', /\n/],
  ['commands and their options', /^(?:#|--|<|"\$\(|AllowPromiscuous|suppress_prefixlength) ?/],
  ['commands of ip', /^(?:link|neighbor|pref|route|rule|table) .*(?:\}|type|up|use|bridge|probe2)$/],
  ['commands of kubectl, oc and a shell', /^(?:kubectl (?:create|label)|modprobe|oc) /],
  ['an expression of the API server', / \+ string\(/],
  ['words of the YAML library, to be told from each other', /^closing 'quote$/],
  ['names for programs', /^(?:text\/plain; |\{0\}\. \.new$|IPv\{0\} )/],
];

test('no sentence is missing, and no exception is without need', () => {
  const used = new Set<RegExp>();
  const isExcepted = (list: typeof files, text: string): boolean => {
    const found = list.find(([, pattern]) => pattern.test(text));
    if (found !== undefined) used.add(found[1]);
    return found !== undefined;
  };
  let count = 0;
  const missing = globSync(others, { cwd: root })
    .filter((file) => !isExcepted(files, file))
    .flatMap((file) => {
      const parts = textsIn(readFileSync(path.join(root, file), 'utf8'))
        .flatMap(partsOf)
        .filter(reads);
      count += parts.length;
      return parts
        .filter((part) => !Object.hasOwn(bundle, part) && !isExcepted(texts, part))
        .map((part) => `${file}: ${part}`);
    });
  expect(missing).toEqual([]);
  expect([...files, ...texts].filter(([, pattern]) => !used.has(pattern))).toEqual([]);
  expect(count).toBeGreaterThan(1200);
});

/** Not by what the generator goes: two words side by side, however they are written, or a capital and a full stop. */
function reads(text: string): boolean {
  if (!/[A-Za-z]{2}/.test(text.replace(/\{\d+\}/g, ''))) return false;
  return /[A-Za-z]{2,}[^\w\s/]{0,2} [^\w\s/]{0,2}[a-z]{2,}|^[A-Z].*[a-z]\.$/.test(
    text.replace(/\{\d+\}/g, 'it'),
  );
}

test('quotes are straight, whoever says it', () => {
  const said = globSync(['{agent,cli,client,cluster,core,language,server}/src/**/*.ts', 'package.nls.json'], {
    cwd: root,
  }).filter((file) => /[“”‘’]/.test(readFileSync(path.join(root, file), 'utf8')));
  expect(said).toEqual([]);
});
