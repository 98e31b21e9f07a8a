import type { KubernetesObject } from '#core/manifest/object.ts';

export interface ObjectName {
  readonly namespace: string;
  readonly name: string;
}

export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

export function refOf({ apiVersion, kind, metadata: { namespace, name } }: KubernetesObject): ObjectRef {
  return namespace === undefined ? { apiVersion, kind, name } : { apiVersion, kind, namespace, name };
}
