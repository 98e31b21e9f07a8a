import { l10n } from 'vscode';
import { sentencesOf } from './sentences.ts';

/** What has been translated, to be found again by how it reads. */
export interface Phrases {
  /** By the first word of the phrase, those that say the most first. */
  readonly byWord: ReadonlyMap<string, readonly Phrase[]>;
  /** Those that begin with a value, by their last word. */
  readonly byLastWord: ReadonlyMap<string, readonly Phrase[]>;
  /** Those that begin and end with one. */
  readonly others: readonly Phrase[];
}

interface Phrase {
  /** As the bundle has it. */
  readonly message: string;
  /** What stands around the values. */
  readonly literals: readonly string[];
  /** It says so little that it would be found in what others say: its values have to be names, figures and what is known. */
  readonly isBrief: boolean;
}

/** @param bundle the translations by what they translate */
export function phrasesOf(bundle: Readonly<Record<string, string>>): Phrases {
  const byWord = new Map<string, Phrase[]>();
  const byLastWord = new Map<string, Phrase[]>();
  const others: Phrase[] = [];
  const all = Object.keys(bundle)
    .map(toPhrase)
    .toSorted((a, b) => weightOf(b) - weightOf(a));
  for (const phrase of all) {
    const { literals } = phrase;
    const [first = '', ...rest] = literals;
    if (rest.length > 0 && !/[A-Za-z]{2}/.test(literals.join(''))) continue;
    const last = rest.at(-1) ?? '';
    if (first !== '' && (rest.length === 0 || first.includes(' '))) put(byWord, firstWord(first), phrase);
    else if (last.includes(' ') && !last.endsWith(' ')) put(byLastWord, lastWord(last), phrase);
    else others.push(phrase);
  }
  return { byWord, byLastWord, others };
}

function put(map: Map<string, Phrase[]>, word: string, phrase: Phrase): void {
  const found = map.get(word);
  if (found === undefined) map.set(word, [phrase]);
  else found.push(phrase);
}

function firstWord(text: string): string {
  return text.split(' ', 1)[0] ?? '';
}

function lastWord(text: string): string {
  return text.slice(text.lastIndexOf(' ') + 1);
}

/** Sentence by sentence, and within them what stands in the place of a value. */
export function toldBy(phrases: Phrases, text: string, levels = mostNested): string {
  return sentencesOf(text)
    .map((sentence) => {
      const [, about = '', matter = sentence] =
        /^((?:Pod |metadata\.|spec\.)\S+: )(.+)$/s.exec(sentence) ?? [];
      return about + toldSentence(phrases, matter, levels);
    })
    .join(' ');
}

/** A sentence in a sentence in a sentence. */
const mostNested = 3;

function toldSentence(phrases: Phrases, sentence: string, levels: number): string {
  const plain = withoutPeriod(sentence);
  const candidates = [
    ...(phrases.byWord.get(firstWord(plain)) ?? []),
    ...(phrases.byLastWord.get(lastWord(plain)) ?? []),
    ...phrases.others,
  ];
  for (const { message, literals, isBrief } of candidates) {
    const values = valuesIn(plain, literals);
    if (values === undefined) continue;
    const shown = levels === 1 ? values : values.map((value) => toldValue(phrases, value, levels - 1));
    if (isBrief && values.some((value, index) => isProse(value) && shown[index] === value)) continue;
    const found = l10n.t(message, ...shown);
    if (sentence === plain) return withoutPeriod(found);
    return message === withoutPeriod(message) ? `${found}.` : found;
  }
  if (levels === 1) return sentence;
  // `Cannot list pods: the API server refused it`, of which each part is a phrase.
  const [, lead, matter] = /^([^:]+): (.+)$/s.exec(sentence) ?? [];
  if (lead === undefined || matter === undefined) return sentence;
  return `${toldSentence(phrases, lead, levels - 1)}: ${toldSentence(phrases, matter, levels - 1)}`;
}

/** A name of the cluster may be a word that is translated elsewhere; such names have no capitals and no blanks. */
function toldValue(phrases: Phrases, value: string, levels: number): string {
  if (/^[^A-Z]\S*$/.test(value)) return value;
  const whole = toldBy(phrases, value, levels);
  if (whole !== value || !value.includes(', ')) return whole;
  return value
    .split(', ')
    .map((one) => (one.includes(' ') ? toldSentence(phrases, one, levels) : one))
    .join(', ');
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

function toPhrase(message: string): Phrase {
  const literals = withoutPeriod(message).split(/\{\d+\}/);
  const words = literals.join(' ').match(/[A-Za-z]{2,}/g)?.length ?? 0;
  const least = literals[0] === '' ? 3 : literals[0] === 'Cannot ' ? 1 : 2;
  return { message, literals, isBrief: literals.length > 1 && words < least };
}

/** Two words side by side, which names and figures do not have. */
function isProse(value: string): boolean {
  return /[a-z]{2,} [a-z]{2,}/.test(value);
}

function weightOf({ literals }: Phrase): number {
  return literals.reduce((sum, { length }) => sum + length, 0);
}

function withoutPeriod(text: string): string {
  return text.replace(/(?<![.。])[.。]$/, '');
}
