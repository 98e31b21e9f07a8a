import { managersOf } from '#agent/operator/field-managers.ts';
import type { PodFaults, RulesState } from '#agent/operator/pod-probe.ts';
import type { ObjectName, Selection, World } from '#agent/operator/world.ts';
import { ClusterError } from '#cluster/errors.ts';
import type { ResourceKind } from '#cluster/kinds.ts';
import type { EgressRouterCondition } from '#core/egress-router/wire.ts';
import { at } from '#core/json-value.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';

/**
 * A cluster that keeps what it is given and refuses what an API server would refuse. It counts writes that
 * changed something, collects the garbage of deleted owners, and knows the label and field selectors of the
 * form `a=b,c=d`.
 */
export class MemoryWorld implements World {
  readonly writes: string[] = [];
  /** Kinds the cluster does not serve. */
  readonly missingKinds = new Set<string>();
  /** Sentences by which it refuses to apply, by kind. */
  readonly refusals = new Map<string, string>();
  /** What pods say of their rules, by name; others have what they should. */
  readonly rules = new Map<string, RulesState>();
  /** What pods that are not ready say of that, by name; others cannot be asked. */
  readonly faults = new Map<string, PodFaults>();
  /** Digests that pods were asked about. */
  readonly asked: string[] = [];
  readonly #objects = new Map<string, KubernetesObject>();
  #version = 0;

  constructor(objects: readonly KubernetesObject[]) {
    for (const object of objects) this.put(object);
  }

  /** As another client would: replaces the whole object. */
  put(object: KubernetesObject): KubernetesObject {
    const key = keyOf(object, object.metadata);
    this.#version += 1;
    const uid = object.metadata.uid ?? this.#objects.get(key)?.metadata.uid ?? `uid-${this.#version}`;
    const metadata = { ...object.metadata, uid, resourceVersion: String(this.#version) };
    const stored = structuredClone({ ...object, metadata });
    this.#objects.set(key, stored);
    return stored;
  }

  async patch(
    kind: ResourceKind,
    object: KubernetesObject,
    patch: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<void> {
    signal.throwIfAborted();
    const stored = this.find(kind, object.metadata);
    if (stored === undefined) throw new ClusterError({ reason: 'not-found', message: 'nothing to patch' });
    const version = at(patch, 'metadata', 'resourceVersion');
    if (version !== undefined && version !== stored.metadata.resourceVersion) {
      throw new ClusterError({ reason: 'conflict', message: 'it changed' });
    }
    this.writes.push(`patch of ${kind.kind} ${object.metadata.namespace ?? ''}/${object.metadata.name}`);
    const merged = merge(stored, patch);
    this.put({ ...stored, ...merged });
  }

  async delete(kind: ResourceKind, object: KubernetesObject, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { namespace = '', name, uid } = object.metadata;
    if (uid === undefined) throw new Error(`${kind.kind} ${name} would be deleted whatever its uid`);
    this.writes.push(`deletion of ${kind.kind} ${namespace}/${name}`);
    if (this.find(kind, object.metadata)?.metadata.uid === uid) this.remove(kind, object.metadata);
  }

  remove(kind: KindName, name: ObjectName): void {
    const gone = this.#objects.get(keyOf(kind, name));
    if (gone === undefined) throw new Error(`${kind.kind} ${name.name} does not exist`);
    this.#objects.delete(keyOf(kind, name));
    for (const object of this.#objects.values()) {
      const isOwned = object.metadata.ownerReferences?.some((owner) => owner.uid === gone.metadata.uid);
      if (isOwned === true) this.remove(object, object.metadata);
    }
  }

  find(kind: KindName, name: ObjectName): KubernetesObject | undefined {
    return structuredClone(this.#objects.get(keyOf(kind, name)));
  }

  async get(
    kind: ResourceKind,
    name: ObjectName,
    signal: AbortSignal,
  ): Promise<KubernetesObject | undefined> {
    signal.throwIfAborted();
    return this.missingKinds.has(kind.kind) ? undefined : this.find(kind, name);
  }

  async list(
    kind: ResourceKind,
    where: Selection,
    signal: AbortSignal,
  ): Promise<readonly KubernetesObject[]> {
    signal.throwIfAborted();
    const labels = pairs(where.labelSelector);
    const fields = pairs(where.fieldSelector);
    return [...this.#objects.values()].filter(
      (object) =>
        object.kind === kind.kind &&
        (where.namespace === undefined || object.metadata.namespace === where.namespace) &&
        labels.every(([key, value]) => object.metadata.labels?.[key] === value) &&
        fields.every(([path, value]) => fieldAt(object, path) === value),
    );
  }

  async apply(object: KubernetesObject, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { kind, metadata } = object;
    if (this.missingKinds.has(kind))
      throw new ClusterError({ reason: 'crd-missing', message: `This cluster has no ${kind}.` });
    const refusal = this.refusals.get(kind);
    if (refusal !== undefined) throw new ClusterError({ reason: 'forbidden', message: refusal });
    if (metadata.resourceVersion !== undefined) throw new Error('apply must not carry a resourceVersion');
    if (metadata.namespace === undefined) throw new Error(`${kind} ${metadata.name} has no namespace`);
    if (!this.#hasUid(metadata.ownerReferences?.[0]?.uid))
      throw new Error(`${kind} has an owner nobody knows`);
    const before = this.find(object, metadata);
    const others = before?.metadata.ownerReferences?.filter(
      (owner) => owner.controller === true && owner.uid !== metadata.ownerReferences?.[0]?.uid,
    );
    if ((others?.length ?? 0) > 0)
      throw new ClusterError({ reason: 'invalid', message: `${kind} would have two controllers` });
    const status = before?.['status'];
    const wanted = status === undefined ? object : { ...object, status };
    const withoutVersion = before && { ...before, metadata: withoutServerFields(before) };
    if (
      JSON.stringify(withoutVersion) === JSON.stringify({ ...wanted, metadata: withoutServerFields(wanted) })
    )
      return;
    this.writes.push(`${kind} ${metadata.namespace}/${metadata.name}`);
    this.put(wanted);
  }

  async managersOf(
    kind: ResourceKind,
    object: KubernetesObject,
    field: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    signal.throwIfAborted();
    const live = this.find(kind, object.metadata);
    return live === undefined ? [] : managersOf(live, field);
  }

  rulesOf(pod: KubernetesObject, digest: string): RulesState {
    this.asked.push(digest);
    return this.rules.get(pod.metadata.name) ?? 'inForce';
  }

  faultsOf(pod: KubernetesObject): PodFaults {
    return this.faults.get(pod.metadata.name);
  }

  async writeConditions(
    router: KubernetesObject,
    conditions: readonly EgressRouterCondition[],
    signal: AbortSignal,
  ): Promise<void> {
    signal.throwIfAborted();
    const stored = this.find(router, router.metadata);
    if (stored === undefined) throw new ClusterError({ reason: 'not-found', message: 'the router is gone' });
    if (new Set(conditions.map((condition) => condition.type)).size !== conditions.length) {
      throw new Error('two conditions of one type');
    }
    this.writes.push(`status of ${router.metadata.namespace ?? ''}/${router.metadata.name}`);
    this.put({ ...stored, status: { conditions } });
  }

  #hasUid(uid: string | undefined): boolean {
    return [...this.#objects.values()].some((object) => object.metadata.uid === uid);
  }
}

type KindName = Pick<ResourceKind, 'kind'>;

function keyOf(kind: KindName, name: ObjectName): string {
  return `${kind.kind} ${name.namespace ?? ''}/${name.name}`;
}

function withoutServerFields(object: KubernetesObject) {
  const { uid: _uid, resourceVersion: _version, ...metadata } = object.metadata;
  return metadata;
}

/** RFC 7386. */
function merge(target: object, patch: object): object {
  const values = new Map<string, unknown>(Object.entries(target));
  for (const [key, value] of Object.entries(patch)) {
    const before = values.get(key);
    const isDeep =
      typeof value === 'object' && value !== null && typeof before === 'object' && before !== null;
    if (value === null) values.delete(key);
    else values.set(key, isDeep && !Array.isArray(value) ? merge(before, value) : value);
  }
  return Object.fromEntries(values);
}

function pairs(selector: string | undefined): readonly (readonly [string, string])[] {
  if (selector === undefined) return [];
  return selector.split(',').map((pair) => {
    const [key, value] = pair.split('=');
    if (key === undefined || value === undefined) throw new Error(`selector ${selector} is not understood`);
    return [key, value] as const;
  });
}

function fieldAt(object: KubernetesObject, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => {
    return typeof value === 'object' && value !== null
      ? Object.entries(value).find(([k]) => k === key)?.[1]
      : undefined;
  }, object);
}
