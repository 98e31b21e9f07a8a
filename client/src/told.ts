import { l10n } from 'vscode';
import { sentencesOf } from './sentences.ts';

/**
 * What others say, in the language of the person: the checks, the code for clusters, and operators and plugins,
 * whose words come out of a cluster. All of them speak English, and what comes here is a text with its values in
 * it; so each sentence is looked for among those that have been translated, which the bundle has with `{0}` for a
 * value. What is not found there stays as it is, as the words of a kubelet do.
 */
export function told(text: string): string {
  if (known === undefined || text.length > longestText) return text;
  return text
    .split('\n')
    .map((line) => toldBy(known, line, mostNested))
    .join('\n');
}

interface Phrase {
  /** As the bundle has it. */
  readonly message: string;
  /** What stands around the values. */
  readonly literals: readonly string[];
}

interface Phrases {
  /** By the first word of the phrase, those that say the most first. */
  readonly byWord: ReadonlyMap<string, readonly Phrase[]>;
  /** Those that begin with a value. */
  readonly others: readonly Phrase[];
}

/** Whoever writes a status may write a very long one. */
const longestText = 10_000;
/** A sentence in a sentence in a sentence. */
const mostNested = 3;

function toldBy(phrases: Phrases, text: string, levels: number): string {
  return sentencesOf(text)
    .map((sentence) => {
      const [, about = '', matter = sentence] =
        /^((?:Pod |metadata\.|spec\.)\S+: )(.+)$/s.exec(sentence) ?? [];
      return about + toldSentence(phrases, matter, levels);
    })
    .join(' ');
}

function toldSentence(phrases: Phrases, sentence: string, levels: number): string {
  const plain = withoutPeriod(sentence);
  const [word = ''] = plain.split(' ', 1);
  for (const { message, literals } of [...(phrases.byWord.get(word) ?? []), ...phrases.others]) {
    const values = valuesIn(plain, literals);
    if (values === undefined) continue;
    const shown = levels === 1 ? values : values.map((value) => toldBy(phrases, value, levels - 1));
    const found = l10n.t(message, ...shown);
    if (sentence === plain) return withoutPeriod(found);
    return message === withoutPeriod(message) ? `${found}.` : found;
  }
  return sentence;
}

/** Each value ends where what follows it begins for the first time. Undefined where the text reads otherwise. */
function valuesIn(text: string, literals: readonly string[]): readonly string[] | undefined {
  const [first = '', ...rest] = literals;
  const last = rest.pop();
  if (last === undefined) return text === first ? [] : undefined;
  const end = text.length - last.length;
  if (!text.startsWith(first) || !text.endsWith(last) || end < first.length) return undefined;
  const values: string[] = [];
  let at = first.length;
  for (const literal of rest) {
    const next = text.indexOf(literal, at);
    if (next < 0 || next + literal.length > end) return undefined;
    values.push(text.slice(at, next));
    at = next + literal.length;
  }
  return [...values, text.slice(at, end)];
}

/** @param bundle the translations by what they translate; undefined where the person reads English */
function phrasesOf(bundle: Readonly<Record<string, string>> | undefined): Phrases | undefined {
  if (bundle === undefined) return undefined;
  const byWord = new Map<string, Phrase[]>();
  const others: Phrase[] = [];
  const all = Object.keys(bundle)
    .map((message): Phrase => ({ message, literals: withoutPeriod(message).split(/\{\d+\}/) }))
    .toSorted((a, b) => weightOf(b) - weightOf(a));
  for (const phrase of all) {
    const { literals } = phrase;
    const [first = '', ...rest] = literals;
    const words = literals.join(' ').match(/[A-Za-z]{2,}/g) ?? [];
    // A value, and hardly a word beside it, would be found in everything.
    if (rest.length > 0 && words.length < 2) continue;
    const [word = ''] = first.split(' ', 1);
    const hasWord = word !== '' && (rest.length === 0 || first.includes(' '));
    if (!hasWord) others.push(phrase);
    else byWord.set(word, [...(byWord.get(word) ?? []), phrase]);
  }
  return { byWord, others };
}

function weightOf({ literals }: Phrase): number {
  return literals.reduce((sum, { length }) => sum + length, 0);
}

function withoutPeriod(text: string): string {
  return text.replace(/(?<![.。])[.。]$/, '');
}

const known = phrasesOf(l10n.bundle);
