import { randomBytes } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listAt, numberAt, parseJson, textAt } from '#core/json-value.ts';
import { listNetns, removeNetns } from './netns.ts';
import { identify, isAlive, type ProcessIdentity } from './process-identity.ts';

/** What a sandbox has put into the world outside of its process, so that a later one can remove what it left. */
interface Entry {
  readonly id: string;
  readonly owner: ProcessIdentity;
  readonly folder: string;
  readonly children: readonly ProcessIdentity[];
}

/** The sandboxes of this machine's user: one file each, `<id>.json`, and a folder `<id>` for what must be on disk. */
export class Registry {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** @throws Error when a living sandbox uses `folder` already. */
  async register(folder: string): Promise<Registration> {
    mkdirSync(this.#root, { recursive: true, mode: 0o700 });
    refuseForeign(this.#root);
    for (const entry of await this.#entries()) {
      if (entry.folder === folder && isAlive(entry.owner)) {
        throw new AlreadyRunningError(folder, entry.owner.pid);
      }
    }
    const id = randomBytes(3).toString('hex');
    return new Registration(this.#root, { id, owner: identify(process.pid), folder, children: [] });
  }

  /** Removes what dead sandboxes have left: processes, namespaces with all in them, files. Leaves living ones alone. */
  async removeDead(): Promise<void> {
    if (existsSync(this.#root)) refuseForeign(this.#root);
    // Before the entries: a namespace that is there now has had its entry before it.
    const namespaces = await listNetns();
    const living = new Set<string>();
    for (const entry of await this.#entries()) {
      if (isAlive(entry.owner)) {
        living.add(entry.id);
        continue;
      }
      for (const child of entry.children) if (isAlive(child)) kill(child.pid);
      await removeNamespaces(entry.id);
      await rm(join(this.#root, entry.id), { recursive: true, force: true });
      await rm(join(this.#root, `${entry.id}.json`), { force: true });
    }
    for (const name of namespaces) {
      const id = /^ert-([0-9a-f]{6})-/.exec(name)?.[1];
      if (id !== undefined && !living.has(id)) await removeNetns(name);
    }
  }

  async #entries(): Promise<readonly Entry[]> {
    const files = await readdir(this.#root).catch(() => []);
    const entries: Entry[] = [];
    for (const file of files.filter((name) => name.endsWith('.json'))) {
      const text = await readFile(join(this.#root, file), 'utf8').catch(() => '');
      const entry = parseEntry(parseJson(text));
      if (entry !== undefined) entries.push(entry);
    }
    return entries;
  }
}

export class AlreadyRunningError extends Error {
  readonly pid: number;

  constructor(folder: string, pid: number) {
    super(`A sandbox runs in ${folder} already (process ${pid}): stop it, or choose another folder.`);
    this.name = 'AlreadyRunningError';
    this.pid = pid;
  }
}

/** A living sandbox's own entry, written before anything it stands for is made. */
export class Registration {
  readonly id: string;
  /** For files of this run. */
  readonly folder: string;
  readonly #file: string;
  #entry: Entry;

  constructor(root: string, entry: Entry) {
    this.id = entry.id;
    this.folder = join(root, entry.id);
    this.#file = join(root, `${entry.id}.json`);
    this.#entry = entry;
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    this.#write();
  }

  addChild(pid: number): void {
    const children = [...this.#entry.children.filter(isAlive), identify(pid)];
    this.#entry = { ...this.#entry, children };
    this.#write();
  }

  async remove(): Promise<void> {
    await removeNamespaces(this.id);
    await rm(this.folder, { recursive: true, force: true });
    await rm(this.#file, { force: true });
  }

  /** At once and whole: this process may be killed at any time. */
  #write(): void {
    writeFileSync(`${this.#file}.new`, JSON.stringify(this.#entry), { mode: 0o600 });
    renameSync(`${this.#file}.new`, this.#file);
  }
}

/**
 * Where sandboxes are recorded. Namespaces of root are the whole machine's, so root's record is too, whatever
 * the environment says.
 */
export function registryFolder(env: Readonly<Record<string, string | undefined>>): string {
  const uid = process.getuid?.() ?? 0;
  if (uid === 0 && process.platform === 'linux') return '/run/egress-router-sandbox';
  const runtime = env['XDG_RUNTIME_DIR'];
  return runtime !== undefined && runtime !== ''
    ? join(runtime, 'egress-router-sandbox')
    : join(tmpdir(), `egress-router-sandbox-${uid}`);
}

async function removeNamespaces(id: string): Promise<void> {
  for (const name of await listNetns()) if (name.startsWith(`ert-${id}-`)) await removeNetns(name);
}

/** A folder in /tmp may have been put there by somebody else, to be trusted with a login or to name processes. */
function refuseForeign(folder: string): void {
  // Windows has other rights, and a folder for the temporary files of each user.
  if (process.platform === 'win32') return;
  const stat = lstatSync(folder);
  const uid = process.getuid?.() ?? stat.uid;
  if (stat.isDirectory() && stat.uid === uid && (stat.mode & 0o022) === 0) return;
  throw new Error(`${folder} is not a folder of yours alone: remove it.`);
}

function parseEntry(value: unknown): Entry | undefined {
  const id = textAt(value, 'id');
  const folder = textAt(value, 'folder');
  const owner = parseIdentity(value, 'owner');
  if (id === undefined || folder === undefined || owner === undefined) return undefined;
  const children = listAt(value, 'children').flatMap((child) => parseIdentity({ child }, 'child') ?? []);
  return { id, folder, owner, children };
}

function parseIdentity(value: unknown, key: string): ProcessIdentity | undefined {
  const pid = numberAt(value, key, 'pid');
  const startTime = textAt(value, key, 'startTime');
  if (pid === undefined) return undefined;
  return startTime === undefined ? { pid } : { pid, startTime };
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself in the meantime.
  }
}
