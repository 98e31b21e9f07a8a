import type { JsonObject } from '#core/schema/json-schema.ts';
import { conflict, forbidden } from '../api-error.ts';
import type { Cluster } from '../cluster.ts';
import { isDeleting, nameOf, numberAt, stringsAt, textAt, timestamp, valueAt, withValue } from '../json.ts';
import { crdFinalizer, crdTable } from '../kinds/crd.ts';
import { present, toStored } from '../present.ts';
import { readDryRun } from '../request/call.ts';
import type { Resource } from '../resource.ts';
import { withMetadata } from './prepare.ts';
import { currentObject, isFinished, type Place } from './update.ts';

export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly isDryRun: boolean;
}

/** `DeleteOptions` from the body, or from the query where the body has none. */
export function readDeleteOptions(body: JsonObject, query: URLSearchParams): DeleteOptions {
  const grace = numberAt(body, 'gracePeriodSeconds') ?? numberOf(query.get('gracePeriodSeconds'));
  const orphans = valueAt(body, 'orphanDependents') ?? query.get('orphanDependents') ?? undefined;
  const older =
    orphans === undefined ? undefined : orphans === true || orphans === 'true' ? 'Orphan' : 'Background';
  const policy = textAt(body, 'propagationPolicy') ?? query.get('propagationPolicy') ?? older;
  const uid = textAt(body, 'preconditions', 'uid');
  const resourceVersion = textAt(body, 'preconditions', 'resourceVersion');
  return {
    ...(grace === undefined ? {} : { gracePeriodSeconds: grace }),
    ...(policy === undefined ? {} : { propagationPolicy: policy }),
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
    isDryRun: readDryRun([...stringsAt(body, 'dryRun'), ...query.getAll('dryRun')], 'DeleteOptions'),
  };
}

export interface Deleted {
  readonly object: JsonObject;
  /** False while finalizers or a grace period hold the object. */
  readonly isGone: boolean;
}

/** Removes the object, or marks it where something holds it back. */
export function deleteObject(cluster: Cluster, place: Place, options: DeleteOptions): Deleted {
  const { resource } = place;
  const current = currentObject(cluster, place);
  checkOptions(resource, current, options);
  const grace = graceFor(resource, current, options);
  const marked = markDeleted(resource, current, grace, options);
  const isGone = isFinished(resource, marked);
  if (options.isDryRun) return { object: marked, isGone };
  if (isGone) {
    // What nothing holds back is never seen as being deleted.
    const final = isDeleting(current) || resource.table === 'pods' ? marked : current;
    const last = cluster.store.remove(resource.table, toStored(resource, final));
    return { object: present(resource, last), isGone };
  }
  if (marked === current) return { object: current, isGone };
  return { object: present(resource, cluster.store.put(resource.table, toStored(resource, marked))), isGone };
}

/** The answer to a delete: most kinds give a Status, once the object is gone. */
export function deletedAnswer(resource: Resource, { object, isGone }: Deleted): JsonObject {
  if (!isGone || resource.behavior.returnsDeleted) return object;
  const { group, plural } = resource;
  const uid = textAt(object, 'metadata', 'uid');
  const details = { name: nameOf(object), ...(group === '' ? {} : { group }), kind: plural, uid };
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}

function checkOptions(resource: Resource, current: JsonObject, options: DeleteOptions): void {
  const name = nameOf(current);
  const named = { group: resource.group, plural: resource.kind };
  const uid = textAt(current, 'metadata', 'uid');
  if (options.uid !== undefined && options.uid !== uid) {
    const why =
      `the UID in the precondition (${options.uid}) does not match the UID in record (${uid}). ` +
      'The object might have been deleted and then recreated';
    throw conflict(named, name, why);
  }
  const revision = textAt(current, 'metadata', 'resourceVersion');
  if (options.resourceVersion !== undefined && options.resourceVersion !== revision) {
    const why =
      `the ResourceVersion in the precondition (${options.resourceVersion}) does not match the ` +
      `ResourceVersion in record (${revision}). The object might have been modified`;
    throw conflict(named, name, why);
  }
  if (resource.table === 'namespaces' && ['default', 'kube-system', 'kube-public'].includes(name)) {
    throw forbidden(resource, name, 'this namespace may not be deleted');
  }
}

/** Only pods stop slowly, and only those that a node may be running. */
function graceFor(resource: Resource, pod: JsonObject, options: DeleteOptions): number {
  if (resource.table !== 'pods') return 0;
  const phase = textAt(pod, 'status', 'phase');
  const isRunning =
    (textAt(pod, 'spec', 'nodeName') ?? '') !== '' && phase !== 'Succeeded' && phase !== 'Failed';
  if (!isRunning) return 0;
  const wished = options.gracePeriodSeconds ?? numberAt(pod, 'spec', 'terminationGracePeriodSeconds') ?? 30;
  const current = numberAt(pod, 'metadata', 'deletionGracePeriodSeconds');
  return current === undefined ? wished : Math.min(wished, current);
}

function markDeleted(
  resource: Resource,
  current: JsonObject,
  grace: number,
  options: DeleteOptions,
): JsonObject {
  const finalizers = finalizersFor(resource, current, options.propagationPolicy);
  const known = numberAt(current, 'metadata', 'deletionGracePeriodSeconds');
  const isSame = finalizers.join() === stringsAt(current, 'metadata', 'finalizers').join();
  if (isDeleting(current) && isSame && (known ?? 0) <= grace) return current;
  const generation = numberAt(current, 'metadata', 'generation');
  const marked = withMetadata(current, {
    finalizers: finalizers.length === 0 ? undefined : finalizers,
    deletionTimestamp: timestamp(new Date(Date.now() + grace * 1000)),
    deletionGracePeriodSeconds: resource.table === 'namespaces' ? undefined : grace,
    ...(generation === undefined || isDeleting(current) ? {} : { generation: generation + 1 }),
  });
  return resource.table === 'namespaces' ? withValue(marked, ['status', 'phase'], 'Terminating') : marked;
}

function finalizersFor(
  resource: Resource,
  current: JsonObject,
  policy: string | undefined,
): readonly string[] {
  const own = stringsAt(current, 'metadata', 'finalizers');
  // The objects of a CRD go before it does.
  const finalizers =
    resource.table === crdTable && !isDeleting(current) ? [...new Set([...own, crdFinalizer])] : own;
  if (policy === undefined) return finalizers;
  const others = finalizers.filter((one) => one !== 'orphan' && one !== 'foregroundDeletion');
  if (policy === 'Orphan') return [...others, 'orphan'];
  return policy === 'Foreground' ? [...others, 'foregroundDeletion'] : others;
}

function numberOf(text: string | null): number | undefined {
  const value = Number(text ?? Number.NaN);
  return Number.isNaN(value) ? undefined : value;
}
