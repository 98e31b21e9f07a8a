import { findKind } from '#cluster/kinds.ts';
import type { Fault } from '#core/egress-router/conditions.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import type { Contests } from './contests.ts';
import { appliedAnnotation, differenceOf } from './in-step.ts';
import type { World } from './world.ts';

/** What becomes of an object of the router that is there. */
export interface Ruling {
  readonly mustWrite: boolean;
  /** There is somebody who does not let it be. */
  readonly fault?: Fault;
}

/** Whether `wanted` is to be written over `present`, now: not as often as somebody else sets it otherwise. */
export async function overrule(
  present: KubernetesObject,
  wanted: KubernetesObject,
  { world, contests }: { readonly world: World; readonly contests: Contests },
  signal: AbortSignal,
): Promise<Ruling> {
  const id = idOf(present);
  const field = differenceOf(present, wanted);
  if (field === undefined) return { mustWrite: false, ...toldOf(id, contests) };
  const mustWrite = contests.waitMs(id, wantedOf(wanted), seenOf(present)) === 0;
  const kind = findKind(present.apiVersion, present.kind);
  if (contests.isOn(id) && kind !== undefined) {
    const managers = await world.managersOf(kind, present, field, signal);
    const who = managers.map((manager) => `"${manager}"`).join(', ') || 'Somebody';
    contests.tell(
      id,
      `${id}: ${who} sets ${field.join('.')} otherwise, again and again. ` +
        'The operator sets it back ever less often. ' +
        'Keep others from this object: all that it has follows from the router.',
    );
  }
  return { mustWrite, ...toldOf(id, contests) };
}

/**
 * Whether those of the router's `wanted` objects that are `missing` are to be made, now: not as often as somebody else
 * deletes them. To be followed by `remade` once all of them are.
 */
export function remake(
  router: KubernetesObject,
  { wanted, missing }: Record<'wanted' | 'missing', readonly KubernetesObject[]>,
  contests: Contests,
): Ruling {
  const id = idOfAll(router);
  const [first] = missing;
  if (first === undefined) return { mustWrite: false, ...toldOf(id, contests) };
  const all = JSON.stringify([router.metadata.uid, ...wanted.map(idOf)]);
  const mustWrite = contests.waitMs(id, all, 'missing', 0) === 0;
  if (contests.isOn(id)) {
    contests.tell(
      id,
      `${idOf(first)}: Somebody deletes it again and again; who it is, only the audit log of the API server tells. ` +
        'The operator makes it anew ever less often. ' +
        'Keep others from this object: it goes when the router does.',
    );
  }
  return { mustWrite, ...toldOf(id, contests) };
}

export function remade(router: KubernetesObject, contests: Contests): void {
  contests.settled(idOfAll(router));
}

function toldOf(id: string, contests: Contests): { readonly fault?: Fault } {
  const message = contests.toldOf(id);
  return message === undefined ? {} : { fault: { reason: 'Contested', message } };
}

function idOfAll({ metadata: { namespace = '', name } }: KubernetesObject): string {
  return `objects of ${namespace}/${name}`;
}

function idOf({ kind, metadata: { namespace = '', name } }: KubernetesObject): string {
  return `${kind} ${namespace}/${name}`;
}

function wantedOf({ metadata }: KubernetesObject): string {
  return metadata.annotations?.[appliedAnnotation] ?? '';
}

/** What tells one state of it from another, but for its status. */
function seenOf({ metadata }: KubernetesObject): string {
  const { uid, generation, resourceVersion, labels, annotations, ownerReferences } = metadata;
  return JSON.stringify([uid, generation ?? resourceVersion, labels, annotations, ownerReferences]);
}
