import type { Connection } from 'vscode-languageserver';
import type { Diagnostic } from 'vscode-languageserver-types';
import type { OpenDocument } from './documents.ts';
import type { Platform } from './platform.ts';

/**
 * Pushes the diagnostics of documents that changed, each with the version it was made from. Changes that
 * arrive together are answered once, for the last of them. Of files without an EgressRouter nothing is said.
 */
export class Publisher {
  readonly #document: (uri: string) => OpenDocument | undefined;
  readonly #diagnose: (document: OpenDocument) => Diagnostic[];
  readonly #connection: Connection;
  readonly #defer: Platform['defer'];
  readonly #waiting = new Set<string>();
  /** Documents for which the client shows diagnostics of ours. */
  readonly #shown = new Set<string>();

  constructor(
    document: (uri: string) => OpenDocument | undefined,
    diagnose: (document: OpenDocument) => Diagnostic[],
    connection: Connection,
    defer: Platform['defer'],
  ) {
    this.#document = document;
    this.#diagnose = diagnose;
    this.#connection = connection;
    this.#defer = defer;
  }

  schedule(uri: string): void {
    if (this.#waiting.size === 0) this.#defer(() => void this.#publishAll());
    this.#waiting.add(uri);
  }

  withdraw(uri: string): void {
    this.#waiting.delete(uri);
    if (this.#shown.delete(uri)) void this.#connection.sendDiagnostics({ uri, diagnostics: [] });
  }

  async #publishAll(): Promise<void> {
    const uris = [...this.#waiting];
    this.#waiting.clear();
    for (const uri of uris) {
      try {
        await this.#publish(uri);
      } catch (error) {
        const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
        this.#connection.console.error(`Cannot check ${uri}: ${reason}`);
      }
    }
  }

  async #publish(uri: string): Promise<void> {
    const document = this.#document(uri);
    if (document === undefined) return;
    const hasRouter = document.file.slices.some((slice) => slice.content !== undefined);
    if (!hasRouter && !this.#shown.has(uri)) return;
    const diagnostics = this.#diagnose(document);
    if (diagnostics.length > 0) this.#shown.add(uri);
    else this.#shown.delete(uri);
    await this.#connection.sendDiagnostics({ uri, version: document.text.version, diagnostics });
  }
}
