// A language that nobody speaks, in which each text of the extension stands in brackets: what has none was not
// translated. The files are those that a translator would add, and VS Code's own pack for its language.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Profile } from '../../tools/vscode-host/code-server.ts';

const language = 'qps-ploc';

/** Gives the extension that is installed there, and VS Code, this language. @returns arguments for VS Code */
export function speakPseudo(profile: Profile): readonly string[] {
  const installed = readdirSync(profile.extensions).find((name) => name.includes('egress-router-tools'));
  if (installed === undefined) throw new Error(`The extension is not installed in ${profile.extensions}.`);
  const extension = path.join(profile.extensions, installed);
  translate(path.join(extension, 'l10n/bundle.l10n'), bracketed);
  translate(path.join(extension, 'package.nls'), (text) => text.split('\n').map(bracketedLine).join('\n'));
  // VS Code speaks a language once a pack of an extension has it. This one leaves VS Code's own words as they are.
  const pack = path.join(profile.root, 'pack');
  mkdirSync(pack);
  const words = path.join(pack, 'main.i18n.json');
  writeFileSync(words, JSON.stringify({ version: '1', contents: {} }));
  const known = {
    hash: 'pseudo',
    label: 'Pseudo',
    extensions: [{ extensionIdentifier: { id: 'pseudo.pseudo' }, version: '1.0.0' }],
    translations: { vscode: words },
  };
  writeFileSync(path.join(profile.data, 'languagepacks.json'), JSON.stringify({ [language]: known }));
  return ['--locale', language];
}

function translate(base: string, translation: (text: string) => string): void {
  const texts: Readonly<Record<string, string>> = JSON.parse(readFileSync(`${base}.json`, 'utf8'));
  const translated = Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, translation(text)]));
  writeFileSync(`${base}.${language}.json`, JSON.stringify(translated));
}

export function bracketed(text: string): string {
  return `⟦${text}⟧`;
}

/** A line of a welcome text that is a link and nothing else becomes a button, and is to stay one. */
function bracketedLine(line: string): string {
  return /^\[[^\]]*\]\([^)]*\)$/.test(line) ? line.replace(/^\[([^\]]*)\]/, '[⟦$1⟧]') : bracketed(line);
}

/** What stands outside of all brackets: names of the cluster, and whatever was not translated. */
export function untranslated(text: string): string {
  let depth = 0;
  let rest = '';
  for (const character of text) {
    if (character === '⟧') depth -= 1;
    if (depth === 0 && character !== '⟦' && character !== '⟧') rest += character;
    if (character === '⟦') depth += 1;
  }
  return rest;
}
