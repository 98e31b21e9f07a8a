/** What an unquoted word or number is to others than the readers of YAML 1.2 (its core schema), where that differs. */
export type OtherReading =
  /** True or false to kubectl, text to YAML 1.2. */
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** Octal to kubectl, decimal to YAML 1.2. */
  | { readonly kind: 'octal'; readonly decimal: number; readonly value: number }
  /** A number to kubectl, text to YAML 1.2. */
  | { readonly kind: 'number'; readonly value: number }
  /** The same number to kubectl and to YAML 1.2, text to those who follow YAML 1.1 to the letter. */
  | { readonly kind: 'new-octal'; readonly value: number }
  /** A number in base 60 to those who follow YAML 1.1 to the letter, text to kubectl and YAML 1.2. */
  | { readonly kind: 'base-60'; readonly value: number }
  /** A date to those who follow YAML 1.1 to the letter, text to kubectl and YAML 1.2. */
  | { readonly kind: 'date' };

/**
 * kubectl reads by the Go library go-yaml, version 2: YAML 1.1 without numbers in base 60, and with dates left
 * as text. PyYAML, by which Ansible reads, has both.
 */
export function otherReading(source: string): OtherReading | undefined {
  const first = source.charCodeAt(0);
  if (first > 0x39) return source.length <= 3 ? booleanReading(source) : undefined;
  if (/^[-+]?0[0-7]+$/.test(source)) {
    const decimal = Number(source);
    const value = integer(source, 8);
    return value === decimal ? undefined : { kind: 'octal', decimal, value };
  }
  if (/^0o[0-7]+$/.test(source)) return { kind: 'new-octal', value: integer(source, 8) };
  if (isDate(source)) return { kind: 'date' };
  if (/^[-+]?[1-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$/.test(source)) {
    return { kind: 'base-60', value: base60(source) };
  }
  return numberReading(source);
}

function booleanReading(source: string): OtherReading | undefined {
  const word = source.toLowerCase();
  const isUsual = source === word || source === source.toUpperCase() || source === capitalized(word);
  if (!isUsual) return undefined;
  if (trueWords.includes(word)) return { kind: 'boolean', value: true };
  return falseWords.includes(word) ? { kind: 'boolean', value: false } : undefined;
}

const trueWords = ['y', 'yes', 'on'];
const falseWords = ['n', 'no', 'off'];

function capitalized(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

/** Underscores, binary numbers and a sign before a base are no part of YAML 1.2. */
function numberReading(source: string): OtherReading | undefined {
  const plain = source.replaceAll('_', '');
  if (/^[-+]?0b[01]+$/i.test(plain)) return { kind: 'number', value: integer(plain, 2) };
  const isNew = plain === source && !/^[-+]0[xo]/i.test(source);
  if (isNew) return undefined;
  if (/^[-+]?0x[\da-f]+$/i.test(plain)) return { kind: 'number', value: integer(plain, 16) };
  if (/^[-+]?0o?[0-7]+$/i.test(plain)) return { kind: 'number', value: integer(plain, 8) };
  if (/^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)(e[-+]?[0-9]+)?$/i.test(plain))
    return { kind: 'number', value: Number(plain) };
  return undefined;
}

function integer(source: string, base: number): number {
  const value = Number.parseInt(source.replace(/^[-+]?(0[xob])?/i, ''), base);
  return source.startsWith('-') ? -value : value;
}

function base60(source: string): number {
  const parts = source.replaceAll('_', '').replace(/^[-+]/, '').split(':');
  const value = parts.reduce((sum, part) => sum * 60 + Number(part), 0);
  return source.startsWith('-') ? -value : value;
}

/** YAML 1.1, timestamp. */
function isDate(source: string): boolean {
  return /^\d{4}-\d\d-\d\d$|^\d{4}-\d\d?-\d\d?([Tt]|[ \t]+)\d\d?:\d\d:\d\d(\.\d*)?([ \t]*(Z|[-+]\d\d?(:?\d\d)?))?$/.test(
    source,
  );
}
