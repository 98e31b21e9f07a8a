import type { Connection } from 'vscode-languageserver';
import type { Diagnostic } from 'vscode-languageserver-types';
import { mayPatchRouters } from '#language/patch-content.ts';
import type { OpenDocument, OpenDocuments } from './documents.ts';
import type { Platform } from './platform.ts';

/** What there is to publish, and to whom. */
export interface Publishing {
  /** The files of which there may be something else to say than when this was last asked. */
  readonly takeChanged: () => ReadonlySet<string>;
  readonly diagnose: (document: OpenDocument) => Diagnostic[];
  /** Undefined for a client that takes a push; for one that asks by itself, asks it to ask again. */
  readonly refresh: () => (() => void) | undefined;
}

/**
 * Pushes the diagnostics of open documents that changed, each with the version it was made from, and of those of
 * which a change elsewhere says something else. Changes that arrive together are answered once, for the last of
 * them. Of files that have nothing to do with an EgressRouter nothing is said.
 */
export class Publisher {
  readonly #documents: OpenDocuments;
  readonly #publishing: Publishing;
  readonly #connection: Connection;
  readonly #defer: Platform['defer'];
  #isDue = false;
  /** Documents with a version of which nothing has been said. */
  readonly #waiting = new Set<string>();
  /** What the client shows of ours, where that is anything. */
  readonly #shown = new Map<string, readonly Diagnostic[]>();

  constructor(
    documents: OpenDocuments,
    publishing: Publishing,
    connection: Connection,
    defer: Platform['defer'],
  ) {
    this.#documents = documents;
    this.#publishing = publishing;
    this.#connection = connection;
    this.#defer = defer;
  }

  /** @param uri of a document that was opened or changed; absent where something else is new */
  schedule(uri?: string): void {
    if (uri !== undefined) this.#waiting.add(uri);
    if (this.#isDue) return;
    this.#isDue = true;
    this.#defer(() => void this.#publishAll());
  }

  /** For a document that was closed. */
  withdraw(uri: string): void {
    this.#waiting.delete(uri);
    if (this.#shown.delete(uri)) void this.#connection.sendDiagnostics({ uri, diagnostics: [] });
    this.schedule();
  }

  async #publishAll(): Promise<void> {
    this.#isDue = false;
    const changed = new Set(this.#waiting);
    this.#waiting.clear();
    const affected = this.#takeAffected();
    const refresh = this.#publishing.refresh();
    if (refresh !== undefined) {
      // The client asks for a document that has changed without being told.
      if ([...affected].some((uri) => !changed.has(uri))) refresh();
      return;
    }
    for (const uri of this.#documents.uris()) {
      if (!changed.has(uri) && !affected.has(uri)) continue;
      try {
        await this.#publish(uri, changed.has(uri));
      } catch (error) {
        this.#report(uri, error);
      }
    }
  }

  /** One file that cannot be read keeps nothing from being said of the others. */
  #takeAffected(): ReadonlySet<string> {
    try {
      return this.#publishing.takeChanged();
    } catch (error) {
      this.#report('the workspace', error);
      return new Set();
    }
  }

  #report(what: string, error: unknown): void {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#connection.console.error(`Cannot check ${what}: ${reason}`);
  }

  async #publish(uri: string, isNewVersion: boolean): Promise<void> {
    const document = this.#documents.get(uri);
    if (document === undefined) return;
    const shown = this.#shown.get(uri);
    const isOurs = document.file.slices.some(
      ({ text, content }) => content !== undefined || mayPatchRouters(uri, text),
    );
    if (!isOurs && shown === undefined) return;
    const diagnostics = this.#publishing.diagnose(document);
    if (!isNewVersion && JSON.stringify(diagnostics) === JSON.stringify(shown ?? [])) return;
    if (diagnostics.length > 0) this.#shown.set(uri, diagnostics);
    else this.#shown.delete(uri);
    await this.#connection.sendDiagnostics({ uri, version: document.text.version, diagnostics });
  }
}
