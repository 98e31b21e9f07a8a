import {
  type Connection,
  DidChangeWatchedFilesNotification,
  type DidChangeWatchedFilesParams,
  FileChangeType,
} from 'vscode-languageserver';
import { isLookedForBelow, type KnownFiles } from './known-files.ts';
import type { Platform } from './platform.ts';
import type { WorkspaceFiles } from './workspace-files.ts';

/**
 * Reads the files of the workspace's folders that are not open, once the first document that concerns egress
 * routers has been answered for, and again when they change. It gives way after every few files: typing is
 * never kept waiting.
 */
export class WorkspaceScan {
  readonly #connection: Connection;
  readonly #defer: Platform['defer'];
  readonly #files: KnownFiles;
  readonly #onNews: () => void;
  readonly #ended = new AbortController();
  #plan: Plan | undefined;
  #hasStarted = false;

  /** @param onNews told when files say something new */
  constructor(connection: Connection, defer: Platform['defer'], files: KnownFiles, onNews: () => void) {
    this.#connection = connection;
    this.#defer = defer;
    this.#files = files;
    this.#onNews = onNews;
    connection.onDidChangeWatchedFiles((params) => void this.#follow(params));
  }

  /** Says where to look; nothing is read yet. */
  prepare(source: WorkspaceFiles, folders: readonly string[], canWatch: boolean): void {
    this.#plan = { source, folders, canWatch };
  }

  /** The client has opened and closed folders. */
  changeFolders(added: readonly string[], removed: readonly string[]): void {
    if (this.#plan === undefined) return;
    const kept = this.#plan.folders.filter((folder) => !removed.includes(folder));
    this.#plan = { ...this.#plan, folders: [...kept, ...added] };
    if (!this.#hasStarted) return;
    if (removed.map((folder) => this.#files.deleteBelow(folder)).includes(true)) this.#onNews();
    // What lies below a folder that was closed may lie below another one too.
    void this.#scan(this.#plan);
  }

  /** Starts once the document that was just opened or changed has been answered for, if it concerns us. */
  startSoonAfter(uri: string): void {
    if (this.#hasStarted || this.#plan === undefined) return;
    // What is due now comes first, and what that has put off.
    this.#defer(() =>
      this.#defer(() => {
        try {
          this.#start(uri);
        } catch (error) {
          // Nothing waits for this: whoever asks about the document next is told of it again.
          this.#connection.console.error(`Cannot read ${uri}: ${String(error)}`);
        }
      }),
    );
  }

  /** A document that was closed is again what it is on disk, if it is of the workspace. */
  readAgain(uri: string): void {
    if (this.#hasStarted && this.#isOurs(uri)) void this.#take([uri]);
  }

  stop(): void {
    this.#ended.abort();
  }

  #start(uri: string): void {
    if (this.#hasStarted || this.#plan === undefined || !this.#files.concerns(uri)) return;
    this.#hasStarted = true;
    if (this.#plan.canWatch) {
      const watchers = [{ globPattern: '**/*.{yaml,yml,json}' }];
      void this.#connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
    }
    void this.#scan(this.#plan);
  }

  async #scan({ source, folders }: Plan): Promise<void> {
    try {
      for await (const uris of source.list(folders, this.#ended.signal)) await this.#take(uris);
    } catch (error) {
      this.#connection.console.warn(`The files of the workspace cannot be listed: ${String(error)}`);
    }
  }

  async #follow({ changes }: DidChangeWatchedFilesParams): Promise<void> {
    if (!this.#hasStarted) return;
    const gone = changes.filter(({ type }) => type === FileChangeType.Deleted);
    const hasNews = gone.map(({ uri }) => this.#files.set(uri, undefined)).includes(true);
    if (hasNews) this.#onNews();
    const there = changes.filter((change) => !gone.includes(change)).map(({ uri }) => uri);
    await this.#take(there.filter((uri) => this.#isOurs(uri)));
  }

  /** Others are seen by chance only: what is told would depend on what was open once. */
  #isOurs(uri: string): boolean {
    return this.#plan?.folders.some((folder) => isLookedForBelow(folder, uri)) === true;
  }

  async #take(uris: readonly string[]): Promise<void> {
    let hasNews = false;
    for (const uri of uris) {
      const text = await this.#read(uri);
      if (this.#ended.signal.aborted) return;
      hasNews = this.#files.set(uri, text) || hasNews;
      await new Promise<void>((resolve) => this.#defer(resolve));
    }
    if (hasNews) this.#onNews();
  }

  async #read(uri: string): Promise<string | undefined> {
    try {
      return await this.#plan?.source.read(uri);
    } catch (error) {
      this.#connection.console.warn(`${uri} cannot be read: ${String(error)}`);
      return undefined;
    }
  }
}

interface Plan {
  readonly source: WorkspaceFiles;
  /** URIs. */
  readonly folders: readonly string[];
  readonly canWatch: boolean;
}
