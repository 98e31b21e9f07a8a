import type { Fix, Path, Problem } from '#core/problem.ts';
import { isJsonObject, type JsonObject, type JsonSchema } from '#core/schema/json-schema.ts';
import { nearestWord } from '#core/schema/nearest-word.ts';
import { netConfSchema } from './schema.ts';

export type UnknownKeyCode = 'netconf-unknown-key';

/** Keys that the plugin does not know, and so ignores. */
export function unknownKeys(conf: unknown): Problem<UnknownKeyCode>[] {
  return isJsonObject(conf) ? keysOf(conf, netConfSchema, []) : [];
}

function keysOf(object: JsonObject, schema: JsonSchema, path: Path): Problem<UnknownKeyCode>[] {
  const known = schema.properties ?? {};
  return Object.entries(object).flatMap(([key, value]) => {
    const field = Object.hasOwn(known, key) ? known[key] : undefined;
    if (field !== undefined) {
      return isJsonObject(value) && field.properties !== undefined
        ? keysOf(value, field, [...path, key])
        : [];
    }
    return isLeftToOthers(key, path) ? [] : [toProblem(key, object, Object.keys(known), path)];
  });
}

function toProblem(
  key: string,
  owner: JsonObject,
  known: readonly string[],
  above: Path,
): Problem<UnknownKeyCode> {
  const path = [...above, key];
  const where = above.length === 0 ? 'the configuration' : `"${above.join('.')}"`;
  const meant = (Object.hasOwn(outdated, key) ? outdated[key] : undefined) ?? nearestWord(key, known);
  const isKnown = meant !== undefined && known.includes(meant);
  const rename: Fix = { title: `Rename to "${meant}"`, edits: [{ kind: 'rename', path, key: meant ?? key }] };
  const remove: Fix = { title: `Remove "${key}"`, edits: [{ kind: 'remove', path }] };
  return {
    code: 'netconf-unknown-key',
    severity: 'warning',
    path,
    at: 'key',
    message: `"${key}" is not a key of ${where} and is ignored.${isKnown ? ` Did you mean "${meant}"?` : ''}`,
    fixes: isKnown && meant !== undefined && !Object.hasOwn(owner, meant) ? [rename, remove] : [remove],
  };
}

/** Keys of the CNI specification and of its runtimes, which no plugin has to know. */
function isLeftToOthers(key: string, path: Path): boolean {
  if (path.length > 0) return false;
  return runtimeKeys.includes(key) || key.startsWith('cni.dev/') || key.includes('/');
}

const runtimeKeys: readonly string[] = [
  'args',
  'capabilities',
  'dns',
  'ipam',
  'ipMasq',
  'prevResult',
  'runtimeConfig',
  'deviceID',
];

/** Names that documents and drafts of the plugin had. */
const outdated: Readonly<Record<string, string>> = {
  allowedDestinations: 'destinations',
  address: 'addresses',
  fallback: 'fallbackIP',
};
