import { type Position, type Range, TextDocument } from 'vscode-languageserver-textdocument';
import type { Span } from '#language/text/span.ts';

/**
 * A text that is open, in pages of whole lines: a keystroke costs what its page costs, in a file of megabytes too. As
 * one string, all of it would be copied each time.
 */
export class PagedText implements TextDocument {
  readonly uri: string;
  readonly languageId: string;
  version: number;
  readonly #pageLength: number;
  /** At least one; each but the last ends with `\n`. */
  #pages: readonly Page[];
  #places: Places | undefined;
  #whole: string | undefined;

  /** @param pageLength where there is more, it goes to another page */
  constructor(uri: string, languageId: string, version: number, text: string, pageLength = 16_384) {
    this.uri = uri;
    this.languageId = languageId;
    this.version = version;
    this.#pageLength = pageLength;
    this.#pages = toPages(text, pageLength);
    this.#whole = text;
  }

  get length(): number {
    const { starts } = this.#index();
    return (starts.at(-1) ?? 0) + (this.#pages.at(-1)?.length ?? 0);
  }

  get lineCount(): number {
    const { lines } = this.#index();
    return (lines.at(-1) ?? 0) + (this.#pages.at(-1)?.breaks ?? 0) + 1;
  }

  getText(range?: Range): string {
    if (range !== undefined) return this.slice(this.offsetAt(range.start), this.offsetAt(range.end));
    this.#whole ??= textOf(this.#pages);
    return this.#whole;
  }

  slice(start: number, end: number): string {
    const { starts } = this.#index();
    const first = lastUpTo(starts, start);
    const from = starts[first] ?? 0;
    return textOf(this.#pages.slice(first, lastUpTo(starts, end) + 1)).slice(start - from, end - from);
  }

  positionAt(offset: number): Position {
    const { page, start, line } = this.#page(lastUpTo(this.#index().starts, offset));
    return movedDown(page.positionAt(offset - start), line);
  }

  offsetAt(position: Position): number {
    const { page, start, line } = this.#pageOfLine(position.line);
    return start + page.offsetAt(movedDown(position, -line));
  }

  getLineRange(wanted: number): Range {
    const { page, line } = this.#pageOfLine(wanted);
    const { start, end } = page.getLineRange(wanted - line);
    return { start: movedDown(start, line), end: movedDown(end, line) };
  }

  getEOLCharacters(wanted: number): string {
    const { page, line } = this.#pageOfLine(wanted);
    return page.getEOLCharacters(wanted - line);
  }

  /** @param span lies in the text */
  replace({ start, end }: Span, text: string): void {
    const { starts } = this.#index();
    const first = lastUpTo(starts, start);
    const last = lastUpTo(starts, end);
    const from = starts[first] ?? 0;
    const old = textOf(this.#pages.slice(first, last + 1));
    const fresh = toPages(old.slice(0, start - from) + text + old.slice(end - from), this.#pageLength);
    this.#pages = [...this.#pages.slice(0, first), ...fresh, ...this.#pages.slice(last + 1)];
    this.#places = undefined;
    this.#whole = undefined;
  }

  #pageOfLine(line: number): PlacedPage {
    return this.#page(lastUpTo(this.#index().lines, line));
  }

  #page(index: number): PlacedPage {
    const { starts, lines } = this.#index();
    const { text } = this.#pages[index] ?? noPage;
    return { page: text, start: starts[index] ?? 0, line: lines[index] ?? 0 };
  }

  #index(): Places {
    this.#places ??= {
      starts: sumsBefore(this.#pages, ({ length }) => length),
      lines: sumsBefore(this.#pages, ({ breaks }) => breaks),
    };
    return this.#places;
  }
}

interface Page {
  readonly text: TextDocument;
  readonly length: number;
  /** How many of its lines end in it. */
  readonly breaks: number;
}

/** The offset and the line at which each page begins. */
interface Places {
  readonly starts: readonly number[];
  readonly lines: readonly number[];
}

interface PlacedPage {
  readonly page: TextDocument;
  readonly start: number;
  readonly line: number;
}

const noPage = toPage('');

function movedDown({ line, character }: Position, by: number): Position {
  return { line: line + by, character };
}

function toPage(text: string): Page {
  const page = TextDocument.create('', '', 0, text);
  // The library looks at each character, which takes long in a program that has just started.
  const breaks = text.includes('\r') ? page.lineCount - 1 : (text.match(/\n/g)?.length ?? 0);
  return { text: page, length: text.length, breaks };
}

/** A page ends behind a `\n`, so no line end is in two of them; a text of one line is one page. */
function toPages(text: string, pageLength: number): readonly Page[] {
  const pages: Page[] = [];
  let start = 0;
  while (text.length - start > 2 * pageLength) {
    const end = text.indexOf('\n', start + pageLength) + 1;
    if (end === 0) break;
    pages.push(toPage(text.slice(start, end)));
    start = end;
  }
  return [...pages, toPage(text.slice(start))];
}

function textOf(pages: readonly Page[]): string {
  return pages.map(({ text }) => text.getText()).join('');
}

function sumsBefore<T>(items: readonly T[], sizeOf: (item: T) => number): readonly number[] {
  let sum = 0;
  return items.map((item) => {
    const before = sum;
    sum += sizeOf(item);
    return before;
  });
}

/** Where the last of ascending numbers stands that is no larger; 0 where all are. */
function lastUpTo(numbers: readonly number[], value: number): number {
  let low = 0;
  let high = numbers.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((numbers[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
