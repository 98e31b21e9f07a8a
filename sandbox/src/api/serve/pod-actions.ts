import type { JsonObject } from '#core/schema/json-schema.ts';
import { badRequest, conflict } from '../api-error.ts';
import type { Cluster } from '../cluster.ts';
import { isDeleting, objectAt, objectsAt, textAt, textsAt, timestamp } from '../json.ts';
import { toStored } from '../present.ts';
import { deleteObject, readDeleteOptions } from '../write/delete.ts';
import { currentObject, type Place } from '../write/update.ts';

const success = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };

/** The scheduler's decision: puts a pod on a node. */
export function bindPod(cluster: Cluster, place: Place, binding: JsonObject): JsonObject {
  const target = objectAt(binding, 'target');
  const node = textAt(target, 'name') ?? '';
  if (node === '') throw badRequest('Binding "" is invalid: target.name: Required value');
  const pod = currentObject(cluster, place);
  const assigned = textAt(pod, 'spec', 'nodeName') ?? '';
  if (isDeleting(pod)) {
    throw conflict(
      place.resource,
      place.name,
      `pod ${place.name} is being deleted, cannot be assigned to a host`,
    );
  }
  if (assigned !== '') {
    const why = `pod ${place.name} is already assigned to node "${assigned}"`;
    throw conflict({ group: '', plural: 'pods/binding' }, place.name, why);
  }
  const others = objectsAt(pod, 'status', 'conditions').filter((one) => one['type'] !== 'PodScheduled');
  const scheduled = {
    type: 'PodScheduled',
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: timestamp(),
  };
  const metadata = objectAt(pod, 'metadata');
  const annotations = { ...textsAt(metadata, 'annotations'), ...textsAt(binding, 'metadata', 'annotations') };
  cluster.store.put(
    place.resource.table,
    toStored(place.resource, {
      ...pod,
      metadata: Object.keys(annotations).length === 0 ? metadata : { ...metadata, annotations },
      spec: { ...objectAt(pod, 'spec'), nodeName: node },
      status: { ...objectAt(pod, 'status'), conditions: [...others, scheduled] },
    }),
  );
  return success;
}

/** There are no disruption budgets here, so every eviction is a delete. */
export function evictPod(cluster: Cluster, place: Place, eviction: JsonObject): JsonObject {
  const options = readDeleteOptions(objectAt(eviction, 'deleteOptions'), new URLSearchParams());
  deleteObject(cluster, { ...place, subresource: undefined }, options);
  return success;
}
