import type { KubernetesObject } from '#core/manifest/object.ts';
import type { Connection } from './connect.ts';
import { ClusterError } from './errors.ts';
import { findKind, type ResourceKind } from './kinds.ts';
import { toObject } from './objects.ts';

export interface ApplyOptions {
  readonly fieldManager: string;
  /** The API server admits, defaults and merges as ever, but stores nothing. */
  readonly dryRun?: boolean;
  /** Takes over fields of other managers in place of failing with `conflict`. */
  readonly force?: boolean;
  readonly subresource?: 'status';
  readonly signal: AbortSignal;
}

/**
 * Server-side apply: the object comes to have every field of `object`, and loses those that the same manager
 * applied before and left out now. Creates it where it is missing.
 *
 * @throws ClusterError `conflict` with the fields and their managers
 */
export async function applyObject(
  connection: Connection,
  object: KubernetesObject,
  { fieldManager, dryRun, force, subresource, signal }: ApplyOptions,
): Promise<KubernetesObject> {
  const kind = requireKind(object);
  const answer = await connection.json({
    verb: 'apply',
    kind,
    namespace: kind.namespaced ? (object.metadata.namespace ?? connection.namespace) : undefined,
    name: object.metadata.name,
    subresource,
    query: {
      fieldManager,
      ...(dryRun === true ? { dryRun: 'All' } : {}),
      ...(force === true ? { force: 'true' } : {}),
    },
    // JSON is YAML.
    contentType: 'application/apply-patch+yaml',
    body: object,
    signal,
  });
  return toObject(answer, kind);
}

function requireKind({ apiVersion, kind }: KubernetesObject): ResourceKind {
  const found = findKind(apiVersion, kind);
  if (found !== undefined) return found;
  throw new ClusterError({
    reason: 'invalid',
    message: `${kind} (${apiVersion}) is not a kind this tool applies.`,
  });
}
