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
  if (field === undefined) return { mustWrite: false, ...toldOf(present, contests) };
  const mustWrite = contests.waitMs(id, wantedOf(wanted), seenOf(present)) === 0;
  const kind = findKind(present.apiVersion, present.kind);
  if (contests.isOn(id) && kind !== undefined) {
    const managers = await world.managersOf(kind, present, field, signal);
    contests.tell(id, { field: field.join('.'), managers });
  }
  return { mustWrite, ...toldOf(present, contests) };
}

function toldOf(object: KubernetesObject, contests: Contests): { readonly fault?: Fault } {
  const rivals = contests.rivalsOf(idOf(object));
  if (rivals === undefined) return {};
  const who = rivals.managers.map((manager) => `"${manager}"`).join(', ') || 'Somebody';
  const message =
    `${idOf(object)}: ${who} sets ${rivals.field} otherwise, again and again. ` +
    'The operator sets it back ever less often. ' +
    'Keep others from this object: all that it has follows from the router.';
  return { fault: { reason: 'Contested', message } };
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
