import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { textAt } from '#core/json-value.ts';
import { largestFileBytes } from './bounded-file.ts';
import { readKubeconfigText } from './kubeconfig-text.ts';
import { parseKubeconfig } from './kubeconfig-yaml.ts';
import { type OidcTokens, tokensOf, withTokens } from './oidc-text.ts';

/** Where the tokens of one user stand. */
export interface TokenPlace {
  readonly file: string;
  readonly user: string;
  readonly signal: AbortSignal;
}

export function readTokens({ file, user }: TokenPlace): Partial<OidcTokens> {
  return tokensOf(parseKubeconfig(readKubeconfigText(file, false)), user);
}

/** Fails where tokens could not be kept: they must not be asked for then, as that spends the ones that there are. */
export function checkWritable({ file, signal }: TokenPlace): Promise<void> {
  return locked(file, signal, (real) => {
    closeSync(openSync(real, 'r+'));
    const room = Buffer.byteLength(readKubeconfigText(real, false)) + roomForTokens;
    rmSync(writeFresh(real, Buffer.alloc(room)));
  });
}

/** Bytes by which new tokens may be longer than those before. */
const roomForTokens = 2 ** 16;

/**
 * Writes the tokens in place of `before`, and nothing else anew where that is possible, comments included.
 *
 * @returns what the file then has: the tokens of somebody else where one wrote others meanwhile that `isGood`
 */
export function keepTokens(
  { file, user, signal }: TokenPlace,
  { before, now }: { readonly before: Partial<OidcTokens>; readonly now: OidcTokens },
  isGood: (idToken: string) => boolean,
): Promise<string> {
  return locked(file, signal, (real) => {
    const text = readKubeconfigText(real, false);
    const { idToken } = tokensOf(parseKubeconfig(text), user);
    if (idToken !== undefined && idToken !== before.idToken && isGood(idToken)) return idToken;
    const bytes = Buffer.from(withTokens(text, user, now));
    if (bytes.length > largestFileBytes) {
      throw new Error(`with it the kubeconfig would be larger than ${largestFileBytes / 2 ** 20} MiB`);
    }
    replace(real, bytes, Buffer.from(text));
    return now.idToken;
  });
}

/** Holds the lock that client-go takes as well, for as long as `work` takes: no signal comes in between. */
async function locked<T>(file: string, signal: AbortSignal, work: (real: string) => T): Promise<T> {
  const real = realpathSync(file);
  const lock = `${real}.lock`;
  for (const end = performance.now() + longestWaitMs; !take(lock); ) {
    if (performance.now() > end) {
      const how = `there is ${lock}, which you may delete when no kubectl runs`;
      throw new Error(`somebody else writes the kubeconfig (${how})`);
    }
    await delay(50, undefined, { signal });
  }
  try {
    return work(real);
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Whoever writes is done within a moment. */
const longestWaitMs = 2000;

function take(lock: string): boolean {
  try {
    closeSync(openSync(lock, 'wx', 0o600));
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Never half of it, whoever reads meanwhile, except where the file cannot be another one. */
function replace(file: string, bytes: Buffer, before: Buffer): void {
  if (statSync(file).nlink > 1) return overwrite(file, bytes, before);
  const fresh = writeFresh(file, bytes);
  try {
    const { uid, gid, mode } = statSync(file);
    const own = openSync(fresh, 'r+');
    try {
      fchownSync(own, uid, gid);
      fchmodSync(own, mode & 0o777);
    } finally {
      closeSync(own);
    }
    renameSync(fresh, file);
  } catch (error) {
    rmSync(fresh, { force: true });
    // One that is mounted by itself, or that belongs to somebody else.
    if (!['EBUSY', 'EXDEV', 'EPERM'].includes(codeOf(error))) throw error;
    overwrite(file, bytes, before);
  }
}

/** @returns the path of a file beside it that is wholly on the disk, and that nobody else may read */
function writeFresh(file: string, bytes: Buffer): string {
  const fresh = `${file}.${randomUUID()}.new`;
  try {
    writeFileSync(fresh, bytes, { mode: 0o600, flag: 'wx', flush: true });
    return fresh;
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}

/** Cuts off nothing until all is written, so that there is room for what was there before. */
function overwrite(file: string, bytes: Buffer, before: Buffer): void {
  const open = openSync(file, 'r+');
  try {
    writeAll(open, bytes);
    ftruncateSync(open, bytes.length);
  } catch (error) {
    writeAll(open, before);
    ftruncateSync(open, before.length);
    throw error;
  } finally {
    closeSync(open);
  }
}

function writeAll(file: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(file, bytes, done, bytes.length - done, done);
  }
  fsyncSync(file);
}

function codeOf(error: unknown): string {
  return textAt(error, 'code') ?? '';
}
