import { kinds } from '#cluster/kinds.ts';
import { egressRouterKind } from '#core/egress-router/wire.ts';
import { routerLabel } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import {
  documentedNames,
  namesOfFurther,
  type RouterNames,
  routerLabelValue,
} from '#core/manifest/router-names.ts';
import { controllerOf, isMadeFor } from './ownership.ts';
import type { World } from './world.ts';

/**
 * What the objects of a router are called. Nothing but the objects themselves remembers it: a router that has some
 * keeps their names. Of the routers of a namespace that have none, the oldest may take the documented names once
 * nobody else has them; so two operators, or one that starts anew, come to the same end.
 */
export async function claimNames(
  router: KubernetesObject,
  world: World,
  signal: AbortSignal,
): Promise<RouterNames> {
  const { name, namespace = '' } = router.metadata;
  const further = namesOfFurther(name);
  const labelSelector = `${routerLabel}=${routerLabelValue(name)}`;
  const labeled = (await listMade(world, { namespace, labelSelector }, signal)).filter((object) =>
    isMadeFor(object, router),
  );
  if (labeled.some((object) => has(documentedNames, object))) return documentedNames;
  if (labeled.some((object) => has(further, object))) return further;
  const documented = await readNamed(documentedNames, namespace, world, signal);
  const holders = documented.filter((object) => object !== undefined);
  // Of a version that wrote no label, or with the label taken away.
  if (holders.some((object) => isMadeFor(object, router))) return documentedNames;
  const routers = await world.list(kinds.egressRouter, { namespace }, signal);
  const isFree = holders.every((object) => isLeftOver(object, routers));
  return isFree && (await isHeir(router, routers, world, signal)) ? documentedNames : further;
}

/** In the order in which they are made. */
export async function readNamed(names: RouterNames, namespace: string, world: World, signal: AbortSignal) {
  return Promise.all([
    world.get(kinds.nad, { namespace, name: names.nad }, signal),
    world.get(kinds.configMap, { namespace, name: names.configMap }, signal),
    world.get(kinds.deployment, { namespace, name: names.deployment }, signal),
  ]);
}

async function listMade(
  world: World,
  where: { readonly namespace: string; readonly labelSelector?: string },
  signal: AbortSignal,
): Promise<readonly KubernetesObject[]> {
  const lists = [kinds.nad, kinds.configMap, kinds.deployment].map((kind) => world.list(kind, where, signal));
  return (await Promise.all(lists)).flat();
}

function has(names: RouterNames, { kind, metadata }: KubernetesObject): boolean {
  const nameOf = new Map([
    [kinds.nad.kind, names.nad],
    [kinds.configMap.kind, names.configMap],
    [kinds.deployment.kind, names.deployment],
  ]);
  return nameOf.get(kind) === metadata.name;
}

/** Made for a router that is gone, so it goes as well. */
function isLeftOver(object: KubernetesObject, routers: readonly KubernetesObject[]): boolean {
  const owner = controllerOf(object);
  return owner?.kind === egressRouterKind && !routers.some(({ metadata }) => metadata.uid === owner.uid);
}

async function isHeir(
  router: KubernetesObject,
  routers: readonly KubernetesObject[],
  world: World,
  signal: AbortSignal,
): Promise<boolean> {
  const older = routers.filter(
    ({ metadata }) =>
      metadata.uid !== router.metadata.uid &&
      metadata.deletionTimestamp === undefined &&
      ageOf(metadata) < ageOf(router.metadata),
  );
  if (older.length === 0) return true;
  const made = await listMade(world, { namespace: router.metadata.namespace ?? '' }, signal);
  return older.every((other) => made.some((object) => isMadeFor(object, other)));
}

/** Times as the API server writes them can be compared as texts; a name has no blank. */
function ageOf({ creationTimestamp = '', name }: KubernetesObject['metadata']): string {
  return `${creationTimestamp} ${name}`;
}
