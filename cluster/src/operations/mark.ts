import { parseRouter } from '#core/egress-router/parse.ts';
import { textAt } from '#core/json-value.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { podPart } from '#core/manifest/pod-digest.ts';
import { toRouterConfig } from '#core/manifest/router-config.ts';
import { documentedNames, namesOfFurther } from '#core/manifest/router-names.ts';
import type { Connection } from '../connect.ts';
import { ClusterError } from '../errors.ts';
import { kinds } from '../kinds.ts';
import { findObject } from '../objects.ts';
import { configHashOf } from '../pod-view.ts';
import { isOwnedBy } from '../router-parts.ts';
import { objectsIn, type Store } from '../store.ts';

/** What is known of a change where the operator does not tell of which one its conditions speak. */
export type Mark =
  /** The Deployment's template that is on its way out. */
  | { readonly kind: 'template'; readonly deployment: string; readonly staleConfigHash: string }
  /** The pod stays, and redirects by its earlier rules until it has read the present ones. */
  | { readonly kind: 'rules' }
  /** Nobody looked: there may have been a change just now. */
  | { readonly kind: 'unknown' };

/** To be taken before a change is applied. */
export async function readMark(
  connection: Connection,
  wanted: KubernetesObject,
  signal: AbortSignal,
): Promise<Mark | undefined> {
  const namespace = wanted.metadata.namespace;
  try {
    const live = await findObject(connection, kinds.egressRouter, wanted.metadata, signal);
    if (live === undefined) return undefined;
    const names = [documentedNames, namesOfFurther(wanted.metadata.name)];
    const found = await Promise.all(
      names.map((each) =>
        Promise.all([
          findObject(connection, kinds.nad, { namespace, name: each.nad }, signal),
          findObject(connection, kinds.deployment, { namespace, name: each.deployment }, signal),
        ]),
      ),
    );
    const [nad, deployment] =
      found.find(([, one]) => one !== undefined && isOwnedBy(one, live)) ?? ([] as const);
    if (nad === undefined || deployment === undefined) return undefined;
    const staleConfigHash = configHashOf(deployment);
    const router = parseRouter(wanted).router;
    if (staleConfigHash === undefined || router === undefined) return undefined;
    const [is, shall] = [textAt(nad, 'spec', 'config') ?? '', toRouterConfig(router, nad.metadata.name)];
    if (is === shall) return undefined;
    // Changed rules are taken up by the pod that there is.
    return podPart(is) === podPart(shall)
      ? { kind: 'rules' }
      : { kind: 'template', deployment: deployment.metadata.name, staleConfigHash };
  } catch (error) {
    // Whoever may not read these objects still may deploy.
    if (ClusterError.is(error, 'forbidden', 'crd-missing')) return undefined;
    throw error;
  }
}

export function isStale(store: Store, namespace: string, mark: Extract<Mark, { kind: 'template' }>): boolean {
  const deployment = objectsIn(store, 'deployment', namespace).find(
    ({ metadata }) => metadata.name === mark.deployment,
  );
  return deployment !== undefined && configHashOf(deployment) === mark.staleConfigHash;
}
