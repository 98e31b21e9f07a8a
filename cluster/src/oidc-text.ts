import { isDeepStrictEqual } from 'node:util';
import { dump } from 'js-yaml';
import { at, listAt, textAt } from '#core/json-value.ts';
import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';
import { hasOneDocument, parseKubeconfig } from './kubeconfig-yaml.ts';

export interface OidcTokens {
  readonly idToken: string;
  readonly refreshToken: string;
}

/** Those of one user of a kubeconfig. */
export function tokensOf(kubeconfig: unknown, user: string): Partial<OidcTokens> {
  const config = configOf(kubeconfig, user);
  const idToken = textAt(config, 'id-token');
  const refreshToken = textAt(config, 'refresh-token');
  return {
    ...(idToken === undefined ? {} : { idToken }),
    ...(refreshToken === undefined ? {} : { refreshToken }),
  };
}

/**
 * The text of a kubeconfig with these tokens, else the same values written anew, as kubectl does.
 *
 * @throws Error where anything else would come to be another value
 */
export function withTokens(text: string, user: string, { idToken, refreshToken }: OidcTokens): string {
  const edited = withToken(text, user, 'id-token', idToken);
  const both = edited === undefined ? undefined : withToken(edited, user, 'refresh-token', refreshToken);
  if (both !== undefined) return both;
  const value = parseKubeconfig(text);
  const config = configOf(value, user);
  if (config === undefined) throw new Error(`the kubeconfig has no login of user "${user}" any more`);
  Object.assign(config, { 'id-token': idToken, 'refresh-token': refreshToken });
  const anew = dump(value);
  if (hasOneDocument(text) && isDeepStrictEqual(parseKubeconfig(anew), value)) return anew;
  throw new Error('the kubeconfig cannot be written anew without changing more than the tokens');
}

/** Undefined where no edit of one place gives this token and leaves all else what it is. */
function withToken(text: string, user: string, key: string, token: string): string | undefined {
  const expected = parseKubeconfig(text);
  const config = configOf(expected, user);
  const old = textAt(config, key) ?? '';
  if (config === undefined || old === '') return undefined;
  if (old === token) return text;
  Object.assign(config, { [key]: token });
  for (const edit of edits(text, key, old, token)) {
    if (isDeepStrictEqual(loaded(edit), expected)) return edit;
  }
  return undefined;
}

/** The token after its key, as it is quoted there; then in quotes, for signs that need them. */
function* edits(text: string, key: string, old: string, token: string): Generator<string> {
  const after = new RegExp(`(?:^|[\\s{,])(["']?)${key}\\1\\s*:\\s*(["']?)$`);
  for (const start of places(text, old)) {
    const quote = after.exec(text.slice(Math.max(0, start - longestKey), start))?.[2];
    const end = start + old.length;
    if (quote === undefined || !text.startsWith(quote, end)) continue;
    yield text.slice(0, start) + token + text.slice(end);
    const before = text.slice(0, start - quote.length);
    yield before + JSON.stringify(token) + text.slice(end + quote.length);
  }
}

/** The key with the spaces around it. */
const longestKey = 100;

function* places(text: string, part: string): Generator<number> {
  for (let start = text.indexOf(part); start !== -1; start = text.indexOf(part, start + 1)) yield start;
}

function loaded(text: string): unknown {
  try {
    return parseKubeconfig(text);
  } catch {
    // A token with signs that need quotes.
    return undefined;
  }
}

function configOf(kubeconfig: unknown, user: string): JsonObject | undefined {
  const entry = listAt(kubeconfig, 'users').find((one) => textAt(one, 'name') === user);
  const config = at(entry, 'user', 'auth-provider', 'config');
  return isJsonObject(config) ? config : undefined;
}
