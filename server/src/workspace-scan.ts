import {
  type Connection,
  DidChangeWatchedFilesNotification,
  type DidChangeWatchedFilesParams,
  FileChangeType,
  type FileEvent,
  WatchKind,
} from 'vscode-languageserver';
import { FolderWatch } from './folder-watch.ts';
import { isLookedForBelow, type KnownFiles, keyOf, startOf } from './known-files.ts';
import type { Platform } from './platform.ts';
import type { EntryChange, WorkspaceFiles } from './workspace-files.ts';

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
  /** Absent where the client tells what changes, or nobody can. */
  #watch: FolderWatch | undefined;
  /** Files that have changed and are not being read yet. */
  readonly #changed = new Set<string>();
  #hasStarted = false;
  #scansUnderWay = 0;
  readonly #onScanned = new Set<() => void>();
  /** The last reading that was begun of a file, until it has been taken up: an earlier one may end later. */
  readonly #readings = new Map<string, object>();

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
    if (!canWatch && source.watch !== undefined)
      this.#watch = new FolderWatch(source.watch, {
        onChange: (change) => this.#followEntry(change),
        onGone: (folder) => this.#followGone(folder),
        onMissed: (why) => {
          const advice = 'What other programs change in the others is seen when the server is started again.';
          this.#connection.console.warn(`Not all folders of the workspace are followed: ${why}. ${advice}`);
        },
      });
  }

  /** The client has opened and closed folders. */
  changeFolders(added: readonly string[], removed: readonly string[]): void {
    if (this.#plan === undefined) return;
    const kept = this.#plan.folders.filter((folder) => !removed.includes(folder));
    this.#plan = { ...this.#plan, folders: [...kept, ...added] };
    if (!this.#hasStarted) return;
    for (const folder of removed) this.#watch?.end(folder);
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

  /** Starts at once, and waits for a while. @returns whether all files have been read */
  async lookAround(): Promise<boolean> {
    if (this.#plan === undefined) return true;
    if (!this.#hasStarted) this.#begin(this.#plan);
    if (this.#scansUnderWay === 0) return true;
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#onScanned.delete(end);
        resolve(this.#scansUnderWay === 0);
      };
      const timer = setTimeout(end, patienceMs);
      this.#onScanned.add(end);
    });
  }

  /** A document that was closed is again what it is on disk, if it is of the workspace. */
  readAgain(uri: string): void {
    if (this.#hasStarted && this.#isOurs(uri)) void this.#take([uri]);
  }

  stop(): void {
    this.#ended.abort();
    this.#watch?.endAll();
  }

  #start(uri: string): void {
    if (this.#hasStarted || this.#plan === undefined || !this.#files.concerns(uri)) return;
    this.#begin(this.#plan);
  }

  #begin(plan: Plan): void {
    this.#hasStarted = true;
    if (plan.canWatch) {
      // Of a folder that goes, clients tell nothing but that.
      const watchers = [
        { globPattern: '**/*.{yaml,yml,json}' },
        { globPattern: '**/*', kind: WatchKind.Delete },
      ];
      void this.#connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
    }
    void this.#scan(plan);
  }

  async #scan({ source, folders }: Pick<Plan, 'source' | 'folders'>): Promise<void> {
    this.#scansUnderWay += 1;
    try {
      const onFolder = (folder: string): void => this.#watch?.add(folder);
      for await (const uris of source.list(folders, this.#ended.signal, onFolder)) await this.#take(uris);
    } catch (error) {
      this.#connection.console.warn(`The files of the workspace cannot be listed: ${String(error)}`);
    } finally {
      this.#scansUnderWay -= 1;
      if (this.#scansUnderWay === 0) for (const end of this.#onScanned) end();
    }
  }

  async #follow({ changes }: DidChangeWatchedFilesParams): Promise<void> {
    if (!this.#hasStarted) return;
    const isGone = ({ type }: FileEvent): boolean => type === FileChangeType.Deleted;
    const ours = changes.filter(({ uri }) => this.#isOurs(uri));
    if (
      ours
        .filter(isGone)
        .map(({ uri }) => this.#forget(uri))
        .includes(true)
    )
      this.#onNews();
    const there = ours.filter((change) => !isGone(change) && isManifestFile(change.uri));
    await this.#take(there.map(({ uri }) => uri));
  }

  /** What we see by ourselves does not tell what came from what went. */
  #followEntry({ uri, isOther, isFolder }: EntryChange): void {
    if (this.#plan === undefined || this.#ended.signal.aborted || !this.#isOurs(uri)) return;
    if (isManifestFile(uri)) {
      // One that is written is told of several times.
      if (this.#changed.size === 0) this.#defer(() => void this.#takeChanged());
      this.#changed.add(uri);
    } else if (isOther) {
      this.#watch?.end(uri);
      if (this.#forget(uri)) this.#onNews();
      if (isFolder) void this.#scan({ source: this.#plan.source, folders: [uri] });
    }
  }

  /** Of all others, the folder that they lie in tells that they go and come. */
  #followGone(folder: string): void {
    const { source, folders = [] } = this.#plan ?? {};
    if (source === undefined || !folders.some((one) => startOf(one) === startOf(folder))) return;
    if (this.#forget(folder)) this.#onNews();
    this.#watch?.awaitAgain(folder, () => void this.#scan({ source, folders: [folder] }));
  }

  async #takeChanged(): Promise<void> {
    const uris = [...this.#changed];
    this.#changed.clear();
    await this.#take(uris);
  }

  /** A file, or all that was below a folder, and what is being read of it. */
  #forget(uri: string): boolean {
    this.#readings.delete(keyOf(uri));
    const wasFile = this.#files.set(uri, undefined);
    if (isManifestFile(uri)) return wasFile;
    const start = `${keyOf(uri)}/`;
    for (const key of this.#readings.keys()) if (key.startsWith(start)) this.#readings.delete(key);
    return this.#files.deleteBelow(uri) || wasFile;
  }

  /** Others are seen by chance only: what is told would depend on what was open once. */
  #isOurs(uri: string): boolean {
    return this.#plan?.folders.some((folder) => isLookedForBelow(folder, uri)) === true;
  }

  async #take(uris: readonly string[]): Promise<void> {
    let hasNews = false;
    for (const uri of uris) {
      const key = keyOf(uri);
      const reading = {};
      this.#readings.set(key, reading);
      const text = await this.#read(uri);
      if (this.#ended.signal.aborted) return;
      // It has been read again since, has gone, or its folder has been closed.
      const isNewest = this.#readings.get(key) === reading;
      if (isNewest) this.#readings.delete(key);
      if (isNewest && this.#isOurs(uri)) hasNews = this.#files.set(uri, text) || hasNews;
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

/** Somebody waits: a workspace that takes longer to read has its say at the next question. */
const patienceMs = 500;

function isManifestFile(uri: string): boolean {
  return /\.(ya?ml|json)$/.test(uri);
}

interface Plan {
  readonly source: WorkspaceFiles;
  /** URIs. */
  readonly folders: readonly string[];
  readonly canWatch: boolean;
}
