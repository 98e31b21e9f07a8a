import { open, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dump, load } from 'js-yaml';
import { at, listAt, textAt } from '#core/json-value.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';

export interface OidcTokens {
  readonly idToken: string;
  readonly refreshToken: string;
}

/** The tokens of one user in a kubeconfig that nobody else writes meanwhile. */
export interface TokenFile extends AsyncDisposable {
  readonly current: Partial<OidcTokens>;
  /** Changes nothing else in the file, comments included, where that is possible. */
  write(tokens: OidcTokens): Promise<void>;
}

/**
 * Holds the lock that client-go takes as well, and fails where the file could not be written: a token that cannot be
 * kept must not be asked for.
 */
export async function openTokenFile(path: string, user: string): Promise<TokenFile> {
  const file = await realpath(path);
  const lock = `${file}.lock`;
  await take(lock);
  try {
    await (await open(file, 'r+')).close();
    const text = await readFile(file, 'utf8');
    const config = configOf(load(text), user);
    const idToken = textAt(config, 'id-token');
    const refreshToken = textAt(config, 'refresh-token');
    return {
      current: {
        ...(idToken === undefined ? {} : { idToken }),
        ...(refreshToken === undefined ? {} : { refreshToken }),
      },
      write: (tokens) => replace(file, withTokens(text, user, tokens)),
      [Symbol.asyncDispose]: () => rm(lock, { force: true }),
    };
  } catch (error) {
    await rm(lock, { force: true });
    throw error;
  }
}

async function take(lock: string): Promise<void> {
  try {
    await (await open(lock, 'wx', 0o600)).close();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    const how = `there is ${lock}, which you may delete when no kubectl runs`;
    throw new Error(`somebody else writes the kubeconfig (${how})`);
  }
}

/** The text with these tokens, else the same values written anew, as kubectl does. */
function withTokens(text: string, user: string, { idToken, refreshToken }: OidcTokens): string {
  const value = load(text);
  const config = configOf(value, user);
  let edited = text;
  for (const [old, now] of [
    [textAt(config, 'id-token') ?? '', idToken],
    [textAt(config, 'refresh-token') ?? '', refreshToken],
  ] as const) {
    if (old !== '') edited = edited.replaceAll(old, () => now);
  }
  if (hasTokens(edited, user, { idToken, refreshToken })) return edited;
  if (isJsonObject(config)) Object.assign(config, { 'id-token': idToken, 'refresh-token': refreshToken });
  return dump(value);
}

function hasTokens(text: string, user: string, { idToken, refreshToken }: OidcTokens): boolean {
  try {
    const config = configOf(load(text), user);
    return textAt(config, 'id-token') === idToken && textAt(config, 'refresh-token') === refreshToken;
  } catch {
    // A token with signs that need quotes.
    return false;
  }
}

function configOf(kubeconfig: unknown, user: string): unknown {
  const entry = listAt(kubeconfig, 'users').find((one) => textAt(one, 'name') === user);
  return at(entry, 'user', 'auth-provider', 'config');
}

/** Never half of it, whoever reads meanwhile. */
async function replace(file: string, text: string): Promise<void> {
  const { mode } = await stat(file);
  const fresh = `${file}.${process.pid}.new`;
  try {
    await writeFile(fresh, text, { mode: mode & 0o777, flag: 'wx' });
    await rename(fresh, file);
  } catch {
    // A file that is mounted by itself cannot be replaced, only written.
    await rm(fresh, { force: true });
    await writeFile(file, text);
  }
}
