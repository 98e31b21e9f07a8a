import type { Connection } from '#cluster/connect.ts';
import { ClusterError } from '#cluster/errors.ts';
import { kinds, type ResourceKind } from '#cluster/kinds.ts';
import {
  createObject,
  type DeleteOptions,
  deleteObject,
  findObject,
  type Location,
  listObjects,
  patchObject,
  replaceObject,
} from '#cluster/objects.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import type {
  ConfigMap,
  DaemonSet,
  Deployment,
  EndpointSlice,
  Namespace,
  Node,
  Pod,
  ReplicaSet,
  Service,
  Stored,
} from './objects.ts';

/** A kind together with the shape in which an API server stores its objects. */
export interface Kind<T extends Stored> {
  readonly resource: ResourceKind;
  /** Trusts the API server with the schema: it admits nothing else under this apiVersion and kind. */
  readonly is: (object: KubernetesObject) => object is T;
}

export const kindOf = {
  pod: kind<Pod>(kinds.pod),
  deployment: kind<Deployment>(kinds.deployment),
  daemonSet: kind<DaemonSet>(kinds.daemonSet),
  replicaSet: kind<ReplicaSet>(kinds.replicaSet),
  service: kind<Service>(kinds.service),
  endpointSlice: kind<EndpointSlice>(kinds.endpointSlice),
  endpoints: kind<Stored>({ apiVersion: 'v1', kind: 'Endpoints', plural: 'endpoints', namespaced: true }),
  namespace: kind<Namespace>(kinds.namespace),
  node: kind<Node>(kinds.node),
  configMap: kind<ConfigMap>(kinds.configMap),
  nad: kind<Stored>(kinds.nad),
  crd: kind<Stored>(kinds.crd),
} as const;

export function kind<T extends Stored>(resource: ResourceKind): Kind<T> {
  return {
    resource,
    is: (object): object is T => object.apiVersion === resource.apiVersion && object.kind === resource.kind,
  };
}

/** What controllers and node do to the cluster: plain calls, each with the signal of whoever does the work. */
export class Client {
  readonly connection: Connection;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  async find<T extends Stored>(of: Kind<T>, at: Location, signal: AbortSignal): Promise<T | undefined> {
    const object = await findObject(this.connection, of.resource, at, signal);
    return object === undefined ? undefined : checked(of, object);
  }

  async list<T extends Stored>(
    of: Kind<T>,
    namespace: string | undefined,
    signal: AbortSignal,
  ): Promise<readonly T[]> {
    const { objects } = await listObjects(this.connection, of.resource, { namespace, signal });
    return objects.filter(of.is);
  }

  async create(resource: ResourceKind, object: KubernetesObject, signal: AbortSignal): Promise<void> {
    const { namespace } = object.metadata;
    await createObject(this.connection, resource, object, { namespace, signal });
  }

  async patch(
    resource: ResourceKind,
    at: Location,
    patch: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<void> {
    await patchObject(this.connection, resource, at, patch, signal);
  }

  async patchStatus(
    resource: ResourceKind,
    at: Location,
    status: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<void> {
    await patchObject(this.connection, resource, { ...at, subresource: 'status' }, { status }, signal);
  }

  async replace(resource: ResourceKind, object: KubernetesObject, signal: AbortSignal): Promise<void> {
    const { namespace, name } = object.metadata;
    await replaceObject(this.connection, resource, { namespace, name }, object, signal);
  }

  /** An object that is gone already is what was wanted. */
  async remove(resource: ResourceKind, at: Location, options: DeleteOptions): Promise<void> {
    try {
      await deleteObject(this.connection, resource, at, options);
    } catch (error) {
      if (!ClusterError.is(error, 'not-found', 'conflict')) throw error;
    }
  }

  async post(
    resource: ResourceKind,
    at: Location,
    subresource: string,
    body: object,
    signal: AbortSignal,
  ): Promise<void> {
    await this.connection.json({ verb: 'create', kind: resource, ...at, subresource, body, signal });
  }

  async put(
    resource: ResourceKind,
    at: Location,
    subresource: string,
    body: object,
    signal: AbortSignal,
  ): Promise<void> {
    await this.connection.json({ verb: 'update', kind: resource, ...at, subresource, body, signal });
  }
}

function checked<T extends Stored>(of: Kind<T>, object: KubernetesObject): T {
  if (of.is(object)) return object;
  throw new Error(`expected a ${of.resource.kind}, got a ${object.kind}`);
}
