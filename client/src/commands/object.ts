import type { ClusterSession } from '#cluster/api.ts';
import type { ObjectRef } from '#cluster/object-ref.ts';
import { egressRouterApiVersion, egressRouterKind } from '#core/egress-router/wire.ts';
import type { Desk } from './desk.ts';
import { findRouter } from './router.ts';

/**
 * The live object that a command means: that of the row it was started on, else a router.
 * @returns undefined when no answer was given.
 */
export async function findObject(
  desk: Desk,
  session: ClusterSession,
  argument: unknown,
  question: string,
): Promise<ObjectRef | undefined> {
  const own = toObjectRef(argument);
  if (own !== undefined) return own;
  const router = await findRouter(desk, session, argument, question);
  return router && { apiVersion: egressRouterApiVersion, kind: egressRouterKind, ...router };
}

/** Of a row of the tree; menus promise no type. */
export function toObjectRef(argument: unknown): ObjectRef | undefined {
  const { apiVersion, kind, namespace, name } = toRecord(toRecord(argument)['object']);
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || typeof name !== 'string')
    return undefined;
  return typeof namespace === 'string' ? { apiVersion, kind, namespace, name } : { apiVersion, kind, name };
}

/** The path of a read-only text about an object: contexts of OpenShift have slashes in their names. */
export function objectPath(
  about: 'live' | 'logs' | 'events',
  context: string,
  { kind, namespace, name }: ObjectRef,
  suffix: string,
): string {
  const folders = [about, context, ...(namespace === undefined ? [] : [namespace])].map(encodeURIComponent);
  return `/${folders.join('/')}/${kind} ${encodeURIComponent(name)}.${suffix}`;
}

function toRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
