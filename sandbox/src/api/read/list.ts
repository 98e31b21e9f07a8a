import type { JsonObject } from '#core/schema/json-schema.ts';
import { badRequest, expired } from '../api-error.ts';
import type { Cluster } from '../cluster.ts';
import { nameOf, namespaceOf } from '../json.ts';
import { present } from '../present.ts';
import type { Resource } from '../resource.ts';
import { readSelection } from './selection.ts';

export interface Listed {
  readonly items: readonly JsonObject[];
  readonly metadata: JsonObject;
}

/** A list, or one page of it. Later pages show the state that the first one saw. */
export function listObjects(
  { store }: Cluster,
  resource: Resource,
  namespace: string | undefined,
  query: URLSearchParams,
): Listed {
  const isSelected = readSelection(resource, query);
  const token = readContinue(query.get('continue') ?? '');
  const revision = token?.revision ?? exactRevision(query) ?? store.revision;
  const stored =
    revision === store.revision
      ? store.list(resource.table, namespace)
      : store.listAt(resource.table, namespace, revision);
  if (stored === undefined) {
    throw expired(
      token === undefined
        ? 'The resourceVersion for the provided list is too old.'
        : 'The provided continue parameter is too old to display a consistent list result. You can start a new ' +
            'list without the continue parameter.',
    );
  }
  const all = stored.map((object) => present(resource, object)).filter(isSelected);
  const start = token === undefined ? 0 : all.findIndex((object) => positionOf(object) > token.after);
  const limit = Number(query.get('limit') ?? 0);
  const from = start < 0 ? all.length : start;
  const items = limit > 0 ? all.slice(from, from + limit) : all.slice(from);
  const last = items.at(-1);
  const remaining = all.length - from - items.length;
  const metadata =
    remaining > 0 && last !== undefined
      ? {
          resourceVersion: String(revision),
          continue: toContinue({ revision, after: positionOf(last) }),
          remainingItemCount: remaining,
        }
      : { resourceVersion: String(revision) };
  return { items, metadata };
}

interface ContinueToken {
  readonly revision: number;
  readonly after: string;
}

function positionOf(object: JsonObject): string {
  return `${namespaceOf(object) ?? ''}/${nameOf(object)}`;
}

function toContinue({ revision, after }: ContinueToken): string {
  return Buffer.from(JSON.stringify([revision, after])).toString('base64url');
}

function readContinue(text: string): ContinueToken | undefined {
  if (text === '') return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    const [revision, after]: readonly unknown[] = Array.isArray(value) ? value : [];
    if (typeof revision === 'number' && typeof after === 'string') return { revision, after };
  } catch {
    // Not a token of ours: refused below, with tokens of another shape.
  }
  throw badRequest('invalid continue token: continue key is not valid');
}

/** As Go's number parser puts it. */
export function invalidRevision(text: string): string {
  const value = JSON.stringify(text);
  const why = `strconv.ParseUint: parsing ${value}: invalid syntax`;
  return `invalid resource version: resourceVersion: Invalid value: ${value}: ${why}`;
}

function exactRevision(query: URLSearchParams): number | undefined {
  const text = query.get('resourceVersion') ?? '';
  if (text !== '' && !/^[0-9]+$/.test(text)) {
    throw badRequest(invalidRevision(text));
  }
  return query.get('resourceVersionMatch') === 'Exact' ? Number(text) : undefined;
}
