import type { TextDocument, TextDocumentContentChangeEvent } from 'vscode-languageserver-textdocument';
import { changeYamlFile, type ReadOptions, readYamlFile, type YamlFile } from '#language/document.ts';
import type { TextChange } from '#language/text/slices.ts';
import type { Span } from '#language/text/span.ts';
import { PagedText } from './paged-text.ts';

/** An open document and what is known of its text; both always of the same version. */
export interface OpenDocument {
  readonly text: TextDocument;
  readonly file: YamlFile;
}

/** The documents that the client has open. Reads a text when it is first asked for, not when it changes. */
export class OpenDocuments {
  readonly #entries = new Map<string, Entry>();
  readonly #options: () => ReadOptions;

  /** @param options asked with each text: a file is read again once they have changed. */
  constructor(options: () => ReadOptions = () => ({ reconciler: 'unknown' })) {
    this.#options = options;
  }

  uris(): readonly string[] {
    return [...this.#entries.keys()];
  }

  open(uri: string, languageId: string, version: number, text: string): void {
    this.#entries.set(uri, { text: new PagedText(uri, languageId, version, text) });
  }

  /** @returns false for a document that is not open. */
  change(uri: string, changes: readonly TextDocumentContentChangeEvent[], version: number): boolean {
    const entry = this.#entries.get(uri);
    if (entry === undefined) return false;
    for (const change of changes) {
      const { span, text } = spanOfChange(entry.text, change);
      entry.change = joined(entry.change, { before: span, end: span.start + text.length });
      entry.text.replace(span, text);
    }
    // A version may bring no change.
    entry.text.version = version;
    return true;
  }

  close(uri: string): void {
    this.#entries.delete(uri);
  }

  get(uri: string): OpenDocument | undefined {
    const entry = this.#entries.get(uri);
    if (entry === undefined) return undefined;
    const file = upToDate(entry, this.#options());
    entry.file = file;
    delete entry.change;
    return { text: entry.text, file };
  }

  /** The version now open, without reading the text. */
  versionOf(uri: string): number | undefined {
    return this.#entries.get(uri)?.text.version;
  }
}

interface Entry {
  readonly text: PagedText;
  /** As the text was before `change`; absent until somebody asks. */
  file?: YamlFile;
  change?: TextChange;
}

function upToDate({ text, file, change }: Entry, options: ReadOptions): YamlFile {
  if (file?.options.reconciler !== options.reconciler) return readYamlFile(text.getText(), file, options);
  return change === undefined ? file : changeYamlFile(file, text, change);
}

function spanOfChange(
  document: PagedText,
  change: TextDocumentContentChangeEvent,
): { readonly span: Span; readonly text: string } {
  const { text } = change;
  if (!('range' in change)) return { span: { start: 0, end: document.length }, text };
  const [one, other] = [document.offsetAt(change.range.start), document.offsetAt(change.range.end)];
  return { span: { start: Math.min(one, other), end: Math.max(one, other) }, text };
}

/** One change in place of two that were made one after the other, with what lies between them. */
function joined(first: TextChange | undefined, second: TextChange): TextChange {
  if (first === undefined) return second;
  const { before, end } = first;
  const shift = end - before.end;
  const secondShift = second.end - second.before.end;
  return {
    before: {
      start: Math.min(before.start, second.before.start),
      end: Math.max(before.end, second.before.end - shift),
    },
    end: Math.max(end, second.before.end) + secondShift,
  };
}
