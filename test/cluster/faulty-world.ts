import { applyObject } from '#cluster/apply.ts';
import type { Connection } from '#cluster/connect.ts';
import { type Failure, toFailure } from '#cluster/errors.ts';
import { planDeploy } from '#cluster/operations/deploy.ts';
import { type FaultProxy, openFaultProxy } from './fault-proxy.ts';
import { openWorld, router, rule, signal, type World } from './operations-world.ts';

export interface Behind extends AsyncDisposable {
  readonly world: World;
  readonly proxy: FaultProxy;
  /** As somebody in the namespace, through the proxy. */
  readonly connection: Connection;
  readonly place: { readonly namespace: string; readonly name: string };
}

export async function openBehind(kubeconfig: string): Promise<Behind> {
  const world = await openWorld(kubeconfig);
  const proxy = await openFaultProxy({ server: world.connection.server, ca: world.ca });
  const connection = await world.connectAs(rightsInNamespace, { url: proxy.url, requestTimeoutMs });
  return {
    world,
    proxy,
    connection,
    place: { namespace: world.namespace, name: 'a' },
    [Symbol.asyncDispose]: async () => {
      await world[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
    },
  };
}

/** All that a namespace has, and nothing outside of it. */
const rightsInNamespace = [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }];
const requestTimeoutMs = 1500;

export const quiet = { signal, onProgress: () => undefined, wait: false, timeoutMs: 10_000 };

export function planA(connection: Connection, ...rules: readonly number[]) {
  const value = rules.length === 0 ? router('a') : router('a', '192.168.12.99/24', rules.map(rule));
  return planDeploy(connection, [{ value, source: 'a.yaml' }], { signal });
}

export async function failureOf(asked: Promise<unknown>): Promise<Failure | undefined> {
  return asked.then(() => undefined, toFailure);
}

export async function deployDirectly({ world }: Behind, name = 'a'): Promise<void> {
  await applyObject(world.connection, router(name), { fieldManager: 'egress-router-tools', signal });
}
