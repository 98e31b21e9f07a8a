/** Where and why a text is no JSON. Offsets count UTF-16 units; `end` is exclusive. */
export interface JsonFault {
  readonly start: number;
  readonly end: number;
  readonly message: string;
  /** The change that was most likely meant. */
  readonly repair?: {
    readonly title: string;
    readonly start: number;
    readonly end: number;
    readonly text: string;
  };
}

/** The first fault of a text as JSON, in plain words; undefined where there is none. */
export function findJsonFault(text: string): JsonFault | undefined {
  const scanner = new Scanner(text);
  scanner.blanks();
  const fault = scanner.value(0);
  if (fault !== undefined) return fault;
  scanner.blanks();
  return scanner.at < text.length ? scanner.fault('The JSON has ended before this; remove it.') : undefined;
}

/** The text with its likely repairs made. Undefined where that does not make it JSON. */
export function repairJson(text: string): string | undefined {
  let repaired = text;
  for (let round = 0; round < 10; round += 1) {
    const fault = findJsonFault(repaired);
    if (fault === undefined) return repaired;
    if (fault.repair === undefined) return undefined;
    const { start, end, text: put } = fault.repair;
    repaired = repaired.slice(0, start) + put + repaired.slice(end);
  }
  return undefined;
}

/** Deeper than this no configuration is nested; a text that is would end the program. */
const maxDepth = 200;

const noComments = 'JSON has no comments; remove it.';

const literals = ['true', 'false', 'null'] as const;

class Scanner {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** A fault at the word or sign that stands here. */
  fault(message: string, repair?: JsonFault['repair'], start = this.at): JsonFault {
    const word = /^[^\s,:{}[\]"']+/.exec(this.text.slice(start, start + 40))?.[0] ?? this.text.charAt(start);
    const end = Math.min(this.text.length, start + Math.max(1, word.length));
    // At the end of the text there is nothing to mark: the last sign is.
    const last = this.text.trimEnd().length;
    const span = start >= last ? { start: Math.max(0, last - 1), end: last } : { start, end };
    return { ...span, message, ...(repair === undefined ? {} : { repair }) };
  }

  blanks(): void {
    while (' \t\r\n'.includes(this.text.charAt(this.at)) && this.at < this.text.length) this.at += 1;
  }

  value(depth: number): JsonFault | undefined {
    if (depth > maxDepth) return this.fault('The JSON is nested too deep.');
    const sign = this.text.charAt(this.at);
    if (sign === '{') return this.list('}', depth);
    if (sign === '[') return this.list(']', depth);
    if (sign === '"') return this.string();
    if (sign === '') return this.fault('The JSON ends where a value is due.');
    if (sign === "'") return this.quoted();
    const literal = literals.find((word) => this.text.startsWith(word, this.at));
    const number = /^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?(?![\w.])/.exec(
      this.text.slice(this.at, this.at + 60),
    )?.[0];
    if (literal === undefined && number === undefined) {
      if (this.isComment()) return this.fault(noComments);
      return this.fault('No value of JSON begins like this: put text between double quotes.');
    }
    this.at += (literal ?? number ?? '').length;
    return undefined;
  }

  /** An object or a list, from its opening bracket. */
  list(closing: '}' | ']', depth: number): JsonFault | undefined {
    const opened = this.at;
    this.at += 1;
    this.blanks();
    if (this.take(closing)) return undefined;
    for (;;) {
      const fault = (closing === '}' ? this.key() : undefined) ?? this.value(depth + 1);
      if (fault !== undefined) return fault;
      const ended = this.at;
      this.blanks();
      if (this.take(closing)) return undefined;
      const comma = this.at;
      if (!this.take(',')) {
        if (this.at >= this.text.length) {
          return this.fault(
            `This ${this.text.charAt(opened)} is never closed: add ${closing}.`,
            undefined,
            opened,
          );
        }
        const isNext = /["{[\w-]/.test(this.text.charAt(this.at));
        const repair = { title: 'Add the comma', start: ended, end: ended, text: ',' };
        return isNext
          ? this.fault('A comma is missing before this.', repair)
          : this.fault(`A comma or ${closing} is due here.`);
      }
      this.blanks();
      if (this.text.charAt(this.at) === closing) {
        const repair = { title: 'Remove the comma', start: comma, end: comma + 1, text: '' };
        return this.fault(`JSON has no comma before ${closing}; remove it.`, repair, comma);
      }
    }
  }

  key(): JsonFault | undefined {
    if (this.text.charAt(this.at) !== '"') {
      if (this.text.charAt(this.at) === "'") return this.quoted();
      const word = /^[\w.-]+(?=\s*:)/.exec(this.text.slice(this.at, this.at + 80))?.[0];
      const end = this.at + (word?.length ?? 0);
      if (this.isComment()) return this.fault(noComments);
      return word === undefined
        ? this.fault('A key between double quotes is due here.')
        : this.fault('Put the key between double quotes.', {
            title: 'Put it between double quotes',
            start: this.at,
            end,
            text: `"${word}"`,
          });
    }
    const fault = this.string();
    if (fault !== undefined) return fault;
    this.blanks();
    if (!this.take(':')) return this.fault('A colon is due between the key and its value.');
    this.blanks();
    return undefined;
  }

  string(): JsonFault | undefined {
    const opened = this.at;
    for (this.at += 1; this.at < this.text.length; this.at += 1) {
      const sign = this.text.charAt(this.at);
      if (sign === '"') {
        this.at += 1;
        return undefined;
      }
      if (sign === '\\') {
        const escape = /^\\(["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(this.text.slice(this.at, this.at + 6))?.[0];
        if (escape === undefined) return this.fault('This begins an escape that JSON does not have.');
        this.at += escape.length - 1;
      } else if (sign < ' ') break;
    }
    return this.fault('This text is opened with " and never closed: add ".', undefined, opened);
  }

  /** Text between single quotes. */
  quoted(): JsonFault {
    const found = /^'([^'"\\\r\n]*)'/.exec(this.text.slice(this.at, this.at + 500));
    const message = 'JSON puts text between double quotes, not single ones.';
    if (found === null) return this.fault(message);
    const end = this.at + found[0].length;
    const repair = { title: 'Use double quotes', start: this.at, end, text: `"${found[1] ?? ''}"` };
    return { ...this.fault(message, repair), end };
  }

  isComment(): boolean {
    return '/#'.includes(this.text.charAt(this.at)) && this.at < this.text.length;
  }

  take(sign: string): boolean {
    if (this.text.charAt(this.at) !== sign) return false;
    this.at += 1;
    return true;
  }
}
