import { TextDocument, type TextDocumentContentChangeEvent } from 'vscode-languageserver-textdocument';
import { readYamlFile, type YamlFile } from '#language/document.ts';

/** An open document and what is known of its text; both always of the same version. */
export interface OpenDocument {
  readonly text: TextDocument;
  readonly file: YamlFile;
}

/** The documents that the client has open. Reads a text when it is first asked for, not when it changes. */
export class OpenDocuments {
  readonly #entries = new Map<string, Entry>();

  open(uri: string, languageId: string, version: number, text: string): void {
    this.#entries.set(uri, { text: TextDocument.create(uri, languageId, version, text), isStale: true });
  }

  /** @returns false for a document that is not open. */
  change(uri: string, changes: readonly TextDocumentContentChangeEvent[], version: number): boolean {
    const entry = this.#entries.get(uri);
    if (entry === undefined) return false;
    entry.text = TextDocument.update(entry.text, [...changes], version);
    entry.isStale = true;
    return true;
  }

  close(uri: string): void {
    this.#entries.delete(uri);
  }

  get(uri: string): OpenDocument | undefined {
    const entry = this.#entries.get(uri);
    if (entry === undefined) return undefined;
    const file =
      entry.isStale || entry.file === undefined ? readYamlFile(entry.text.getText(), entry.file) : entry.file;
    entry.file = file;
    entry.isStale = false;
    return { text: entry.text, file };
  }

  /** The version now open, without reading the text. */
  versionOf(uri: string): number | undefined {
    return this.#entries.get(uri)?.text.version;
  }
}

interface Entry {
  text: TextDocument;
  /** Of this text, or, where stale, of an earlier one. */
  file?: YamlFile;
  isStale: boolean;
}
