import type { ApplyPlanItem } from '#core/egress-router/apply-plan.ts';
import { parseRouter } from '#core/egress-router/parse.ts';
import { egressRouterKind } from '#core/egress-router/wire.ts';
import { namesToCome } from '#core/manifest/names-to-come.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { documentedNames, type RouterNames } from '#core/manifest/router-names.ts';
import type { DeployPlan, ToCome } from '../api.ts';
import type { Connection } from '../connect.ts';
import { ClusterError } from '../errors.ts';
import { kinds, type ResourceKind } from '../kinds.ts';
import type { ObjectName, ObjectRef } from '../object-ref.ts';
import { findObject, listObjects } from '../objects.ts';
import { madeFor } from './expose-annotation.ts';

type Acting = NonNullable<DeployPlan['preflight']['reconciler']>;

/** What whoever acts here makes of the routers of a plan, or takes away. What is not certain is left out. */
export async function objectsToCome(
  connection: Connection,
  items: readonly ApplyPlanItem[],
  by: Acting | undefined,
  signal: AbortSignal,
): Promise<readonly ToCome[]> {
  if (by === undefined) return [];
  const namespaces = [...new Set(items.map(namespaceOf))];
  const found = await Promise.all(
    namespaces.map(async (namespace) => {
      const own = items.filter((item) => namespaceOf(item) === namespace);
      const fresh = own.filter(({ kind }) => kind === 'create').map(({ wanted }) => wanted);
      const [made, services] = await Promise.all([
        by === 'cno'
          ? madeByCno(connection, namespace, fresh, signal)
          : madeByAgent(connection, namespace, fresh, signal),
        by === 'cno' ? [] : Promise.all(own.map((item) => serviceToCome(connection, item, signal))),
      ]);
      return join(by, [...made, ...services.flat()]);
    }),
  );
  return found.flat();
}

/** One object that is made or deleted. */
interface Step {
  readonly router: ObjectName;
  readonly object: ObjectRef;
  readonly isDeleted: boolean;
}

function join(by: Acting, steps: readonly Step[]): readonly ToCome[] {
  const names = [...new Set(steps.map(({ router }) => router.name))];
  return names.flatMap((name) => {
    const own = steps.filter(({ router }) => router.name === name);
    const [first] = own;
    if (first === undefined) return [];
    const objects = (isDeleted: boolean) =>
      own.filter((step) => step.isDeleted === isDeleted).map(({ object }) => object);
    return { router: first.router, by, made: objects(false), deleted: objects(true) };
  });
}

/** It makes one Deployment of all routers of a namespace: what two come to depends on which it sees first. */
async function madeByCno(
  connection: Connection,
  namespace: string,
  fresh: readonly KubernetesObject[],
  signal: AbortSignal,
): Promise<readonly Step[]> {
  const [first, ...others] = fresh;
  if (first === undefined || others.length > 0) return [];
  const routers = await orUnknown(listObjects(connection, kinds.egressRouter, { namespace, signal }));
  return routers?.objects.length === 0 ? made(first, documentedNames, ['nad', 'deployment']) : [];
}

async function madeByAgent(
  connection: Connection,
  namespace: string,
  fresh: readonly KubernetesObject[],
  signal: AbortSignal,
): Promise<readonly Step[]> {
  if (fresh.length === 0) return [];
  const [routers, ...holders] = await Promise.all([
    orUnknown(listObjects(connection, kinds.egressRouter, { namespace, signal })),
    ...parts.map((part) =>
      orUnknown(
        findObject(connection, kinds[part], { namespace, name: documentedNames[part] }, signal).then(
          (object) => ({ object }),
        ),
      ),
    ),
  ]);
  if (routers === undefined || holders.includes(undefined)) return [];
  const fates = holders.flatMap((holder) =>
    holder?.object === undefined ? [] : fateOf(holder.object, routers.objects),
  );
  if (fates.includes('going') && !fates.includes('stays')) return [];
  const taken = { isDocumentedTaken: fates.includes('stays'), hasRouters: routers.objects.length > 0 };
  const names = namesToCome(
    fresh.map(({ metadata }) => metadata.name),
    taken,
  );
  return fresh.flatMap((router, index) => {
    const own = names[index];
    return own === undefined ? [] : made(router, own, parts);
  });
}

const parts = ['nad', 'configMap', 'deployment'] as const;

function made(
  { metadata: { name, namespace = '' } }: KubernetesObject,
  names: RouterNames,
  which: readonly (typeof parts)[number][],
): readonly Step[] {
  return which.map((part) => ({
    router: { namespace, name },
    object: toRef(kinds[part], namespace, names[part]),
    isDeleted: false,
  }));
}

function toRef({ apiVersion, kind }: ResourceKind, namespace: string, name: string): ObjectRef {
  return { apiVersion, kind, namespace, name };
}

/** Whether it is in the way of a new router: what is left of one that is gone is not. */
function fateOf(
  { metadata: { ownerReferences = [] } }: KubernetesObject,
  routers: readonly KubernetesObject[],
): 'stays' | 'going' | 'gone' {
  const owner = ownerReferences.find(({ controller }) => controller === true);
  if (owner?.kind !== egressRouterKind) return 'stays';
  const router = routers.find(({ metadata }) => metadata.uid === owner.uid);
  if (router === undefined) return 'gone';
  return router.metadata.deletionTimestamp === undefined ? 'stays' : 'going';
}

/** The Service that an annotation asks for, or asks for no more. */
async function serviceToCome(
  connection: Connection,
  item: ApplyPlanItem,
  signal: AbortSignal,
): Promise<readonly Step[]> {
  const { name } = item.wanted.metadata;
  const router = { namespace: namespaceOf(item), name };
  const object = toRef(kinds.service, router.namespace, name);
  const [before, after] = sidesOf(item);
  const [was, is] = [asksForService(before), asksForService(after)];
  if (was === is) return [];
  const present = await orUnknown(
    findObject(connection, kinds.service, router, signal).then((found) => ({ found })),
  );
  if (present === undefined) return [];
  if (is) return present.found === undefined ? [{ router, object, isDeleted: false }] : [];
  const isOperators = present.found !== undefined && madeFor(present.found)?.name === name;
  return isOperators ? [{ router, object, isDeleted: true }] : [];
}

function sidesOf(
  item: ApplyPlanItem,
): readonly [before: KubernetesObject | undefined, after: KubernetesObject | undefined] {
  switch (item.kind) {
    case 'create':
      return [undefined, item.wanted];
    case 'change':
      return [item.before, item.after];
    case 'conflict':
      return [item.taken?.before, item.taken?.after];
    case 'unchanged':
      return [undefined, undefined];
  }
}

/** Without rules the operator makes none. */
function asksForService(object: KubernetesObject | undefined): boolean {
  const router = object === undefined ? undefined : parseRouter(object).router;
  return router?.options?.expose === true && router.rules.length > 0;
}

function namespaceOf({ wanted }: ApplyPlanItem): string {
  return wanted.metadata.namespace ?? '';
}

/** Undefined where this person may not look. */
async function orUnknown<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (ClusterError.is(error, 'forbidden', 'crd-missing')) return undefined;
    throw error;
  }
}
