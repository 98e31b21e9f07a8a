// The sandbox where no network can be made: its controllers do what a cluster's do, and every pod says what it is.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyObject } from '#cluster/apply.ts';
import { kinds, type ResourceKind } from '#cluster/kinds.ts';
import {
  createObject,
  type DeleteOptions,
  deleteObject,
  findObject,
  listObjects,
  patchObject,
} from '#cluster/objects.ts';
import { readStatus } from '#cluster/operations/status.ts';
import { egressRouterApiVersion, egressRouterKind } from '#core/egress-router/wire.ts';
import { listAt, numberAt, textAt } from '#core/json-value.ts';
import { deploymentName, networkStatusAnnotation, simulatedAnnotation } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { eventually, isRunning, namespacesOf, runProgram, SandboxProgram } from './sandbox-program.ts';
import { availableTargets } from './target.ts';

const signal = AbortSignal.timeout(10 * 60_000);

for (const target of availableTargets()) {
  describe(`with the API: ${target}`, () => {
    let sandbox: SandboxProgram;
    beforeAll(async () => {
      sandbox = await SandboxProgram.start('--simulate', '--api', target === 'real' ? 'real' : 'built-in');
    });
    afterAll(async () => {
      await sandbox?.stop();
    });

    async function apply(object: KubernetesObject): Promise<KubernetesObject> {
      return applyObject(sandbox.connection, object, { fieldManager: 'test', force: true, signal });
    }

    async function list(kind: ResourceKind, namespace: string): Promise<readonly KubernetesObject[]> {
      return (await listObjects(sandbox.connection, kind, { namespace, signal })).objects;
    }

    async function addNamespace(name: string): Promise<void> {
      const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
      await createObject(sandbox.connection, kinds.namespace, object, { signal });
    }

    async function remove(
      kind: ResourceKind,
      at: Place,
      policy: DeleteOptions['propagationPolicy'],
    ): Promise<void> {
      const options = { signal, ...(policy === undefined ? {} : { propagationPolicy: policy }) };
      await deleteObject(sandbox.connection, kind, at, options);
    }

    /** Names, once there are `count` of them. */
    async function untilCount(
      kind: ResourceKind,
      namespace: string,
      count: number,
    ): Promise<readonly string[]> {
      return eventually(`${count} ${kind.plural}`, async () => {
        const objects = await list(kind, namespace);
        return objects.length === count ? objects.map(({ metadata }) => metadata.name) : undefined;
      });
    }

    async function untilRolledOut(namespace: string, name: string, image: string): Promise<void> {
      await eventually(`${name} runs ${image}`, async () => {
        const at = { namespace, name };
        const found = await findObject(sandbox.connection, kinds.deployment, at, signal);
        const status = found?.['status'];
        const isNew = listAt({ status }, 'status', 'conditions').some(
          (condition) => textAt(condition, 'reason') === 'NewReplicaSetAvailable',
        );
        const pods = await list(kinds.pod, namespace);
        const isOld = pods.some((pod) => textAt(pod, 'spec', 'containers', 0, 'image') !== image);
        return isNew && !isOld ? true : undefined;
      });
    }

    test('it says that it is simulated, and why, wherever it shows', async () => {
      expect(sandbox.ready).toEqual({
        ready: true,
        kubeconfig: `${sandbox.folder}/kubeconfig`,
        networking: 'simulated',
        reason: 'asked for with --simulate',
      });
      expect(await namespacesOf(sandbox.prefix)).toEqual([]);
      const [node] = (await listObjects(sandbox.connection, kinds.node, { signal })).objects;
      expect(node?.metadata.annotations?.[simulatedAnnotation]).toBe('asked for with --simulate');
      const ran = await sandbox.client(['true']);
      expect(ran).toEqual({
        code: 125,
        stdout: '',
        stderr: 'The sandbox is simulated (asked for with --simulate): its client pod runs no commands.\n',
      });
    });

    test('a router comes up, and its pod says that nothing is redirected', async () => {
      await apply(router);
      const pod = await eventually('the router is available', async () => {
        const [found] = await list(kinds.egressRouter, 'demo');
        const isAvailable = listAt(found, 'status', 'conditions').some(
          (condition) => textAt(condition, 'type') === 'Available' && textAt(condition, 'status') === 'True',
        );
        const pods = await list(kinds.pod, 'demo');
        return isAvailable
          ? pods.find(({ metadata }) => metadata.name.startsWith(deploymentName))
          : undefined;
      });
      const annotations = pod.metadata.annotations ?? {};
      expect(annotations[simulatedAnnotation]).toBe('asked for with --simulate');
      expect(JSON.parse(annotations[networkStatusAnnotation] ?? '')).toMatchObject([
        { interface: 'eth0', simulated: 'asked for with --simulate' },
        { interface: 'net1', ips: ['192.168.12.99'], simulated: 'asked for with --simulate' },
      ]);
      await remove(kinds.egressRouter, { namespace: 'demo', name: 'partner' }, undefined);
      expect(await untilCount(kinds.pod, 'demo', 1)).toEqual(['client']);
      await untilCount(kinds.deployment, 'demo', 0);
      await untilCount(kinds.nad, 'demo', 0);
    });

    test('a pod that is refused is told by its Deployment, until it is admitted', async () => {
      const namespace = 'strict';
      await addNamespace(namespace);
      for (const object of noPodsIn(namespace)) await apply(object);
      await eventually('the policy', async () => {
        const spec = { containers: [{ name: 'c', image: 'i' }] };
        const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' }, spec };
        const query = { dryRun: 'All' };
        const create = { verb: 'create', kind: kinds.pod, namespace, query, body: pod, signal } as const;
        const said = await sandbox.connection.json(create).then(() => '', String);
        return said.includes('No pods here.') ? true : undefined;
      });
      await apply({ ...router, metadata: { name: 'a', namespace } });
      const refusal = async () => {
        const [deployment] = await list(kinds.deployment, namespace);
        return listAt(deployment, 'status', 'conditions').find(
          (condition) => textAt(condition, 'type') === 'ReplicaFailure',
        );
      };
      expect(await eventually('the refusal', refusal)).toMatchObject({
        status: 'True',
        reason: 'FailedCreate',
        message: expect.stringMatching(/^pods ".*" is forbidden: .*No pods here\.$/),
      });
      await eventually('the reason in the state', async () => {
        const { routers } = await readStatus(sandbox.connection, { namespace }, signal);
        const state = routers[0]?.state;
        return state?.kind === 'degraded' && state.message.includes('No pods here.') ? true : undefined;
      });
      for (const object of noPodsIn(namespace)) {
        const kind = [kinds.admissionPolicy, kinds.admissionPolicyBinding].find(
          (one) => one.kind === object.kind,
        );
        if (kind !== undefined) await remove(kind, { name: object.metadata.name }, undefined);
      }
      await eventually('the pod', async () =>
        (await list(kinds.pod, namespace)).length === 1 && (await refusal()) === undefined ? true : undefined,
      );
      await remove(kinds.egressRouter, { namespace, name: 'a' }, undefined);
      await untilCount(kinds.pod, namespace, 0);
    });

    test('three routers of a namespace are ready, and two of them stay as they are when the first goes', async () => {
      const namespace = 'many';
      await addNamespace(namespace);
      const names = ['a', 'b', 'c'] as const;
      for (const [index, name] of names.entries()) {
        const addresses = [{ ip: `192.168.12.${81 + index}/24`, gateway: '192.168.12.1' }];
        await apply({ ...router, metadata: { name, namespace }, spec: { ...routerSpec, addresses } });
      }
      const settled = (count: number) =>
        eventually(`${count} routers settled`, async () => {
          const found = await list(kinds.egressRouter, namespace);
          const settledOnes = found.filter((one) =>
            listAt(one, 'status', 'conditions').some(
              (condition) => textAt(condition, 'reason') === 'Settled',
            ),
          );
          return settledOnes.length === count && found.length === count ? found : undefined;
        });
      await settled(3);
      const podsOf = async () =>
        (await list(kinds.pod, namespace)).map(({ metadata }) => ({
          router: metadata.labels?.['egress-router-tools/router'] ?? '',
          app: metadata.labels?.['app'],
          uid: metadata.uid,
          ips: JSON.parse(metadata.annotations?.[networkStatusAnnotation] ?? '[]')[1]?.ips,
        }));
      const before = (await podsOf()).toSorted((x, y) => (x.router < y.router ? -1 : 1));
      expect(before.map((pod) => pod.router)).toEqual([...names]);
      const documented = before.filter((pod) => pod.app === 'egress-router-cni');
      expect(documented).toHaveLength(1);
      const first = documented[0]?.router ?? '';
      await remove(kinds.egressRouter, { namespace, name: first }, undefined);
      await untilCount(kinds.pod, namespace, 2);
      await settled(2);
      expect((await podsOf()).toSorted((x, y) => (x.router < y.router ? -1 : 1))).toEqual(
        before.filter((pod) => pod.router !== first),
      );
    });

    test('a Deployment rolls out, scales, and its Service has an endpoint for each ready pod', async () => {
      await addNamespace('rollout');
      await apply(deployment('rollout', 'web', 2, 'one'));
      await apply(service('rollout', 'web'));
      await untilRolledOut('rollout', 'web', 'one');
      const addresses = async (): Promise<number> => {
        const slices = await list(kinds.endpointSlice, 'rollout');
        return slices.flatMap((slice) => listAt(slice, 'endpoints')).length;
      };
      await eventually('two endpoints', async () => ((await addresses()) === 2 ? true : undefined));
      await apply(deployment('rollout', 'web', 2, 'two'));
      await untilRolledOut('rollout', 'web', 'two');
      expect((await list(kinds.replicaSet, 'rollout')).length).toBe(2);
      const at = { namespace: 'rollout', name: 'web' };
      await patchObject(sandbox.connection, kinds.deployment, at, { spec: { replicas: 0 } }, signal);
      await untilCount(kinds.pod, 'rollout', 0);
      await eventually('no endpoint', async () => ((await addresses()) === 0 ? true : undefined));
    });

    test('a pod that is deleted is replaced', async () => {
      await addNamespace('replace');
      await apply(deployment('replace', 'web', 1, 'one'));
      const [first = ''] = await untilCount(kinds.pod, 'replace', 1);
      await remove(kinds.pod, { namespace: 'replace', name: first }, undefined);
      await eventually('another pod', async () => {
        const pods = await list(kinds.pod, 'replace');
        return pods.length === 1 && pods[0]?.metadata.name !== first ? true : undefined;
      });
    });

    test('deletion takes along what is owned, waits for it, or lets it go, as it is asked to', async () => {
      await addNamespace('garbage');
      const at = { namespace: 'garbage', name: 'web' };
      const make = async (): Promise<void> => {
        await apply(deployment('garbage', 'web', 1, 'one'));
        await untilRolledOut('garbage', 'web', 'one');
      };
      await make();
      await remove(kinds.deployment, at, 'Background');
      await untilCount(kinds.pod, 'garbage', 0);
      await untilCount(kinds.replicaSet, 'garbage', 0);
      await make();
      await remove(kinds.deployment, at, 'Foreground');
      await untilCount(kinds.deployment, 'garbage', 0);
      // The owner goes last.
      expect(await list(kinds.replicaSet, 'garbage')).toEqual([]);
      expect(await list(kinds.pod, 'garbage')).toEqual([]);
      await make();
      await remove(kinds.deployment, at, 'Orphan');
      await untilCount(kinds.deployment, 'garbage', 0);
      const [set] = await list(kinds.replicaSet, 'garbage');
      expect(set?.metadata.ownerReferences ?? []).toEqual([]);
      expect((await list(kinds.pod, 'garbage')).length).toBe(1);
    });

    test('what has another owner as well stays with that', async () => {
      await addNamespace('shared');
      const [first, second] = await Promise.all([
        apply(configMap('first', [])),
        apply(configMap('second', [])),
      ]);
      await apply(configMap('both', [first, second]));
      const at = { namespace: 'shared', name: 'first' };
      await remove(kinds.configMap, at, 'Foreground');
      await eventually('the first is gone', async () =>
        (await findObject(sandbox.connection, kinds.configMap, at, signal)) === undefined ? true : undefined,
      );
      await eventually('one owner is left', async () => {
        const both = (await list(kinds.configMap, 'shared')).find(({ metadata }) => metadata.name === 'both');
        return both?.metadata.ownerReferences?.length === 1 ? true : undefined;
      });
    });

    test('a namespace that is deleted takes along everything in it', async () => {
      await addNamespace('leaving');
      await apply(deployment('leaving', 'web', 2, 'one'));
      await apply(service('leaving', 'web'));
      await untilCount(kinds.pod, 'leaving', 2);
      await remove(kinds.namespace, { name: 'leaving' }, undefined);
      await eventually('the namespace is gone', async () => {
        const found = await findObject(sandbox.connection, kinds.namespace, { name: 'leaving' }, signal);
        return found === undefined ? true : undefined;
      });
      expect(await list(kinds.pod, 'leaving')).toEqual([]);
    });

    test('a pod that no node admits says so', async () => {
      await addNamespace('picky');
      const web = deployment('picky', 'web', 1, 'one', { nodeSelector: { zone: 'nowhere' } });
      await apply(web);
      const event = await eventually('the event', async () =>
        (await list(kinds.event, 'picky')).find((one) => one['reason'] === 'FailedScheduling'),
      );
      expect(event['message']).toBe(
        "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.",
      );
    });

    test('a second sandbox does not take the folder of the first', async () => {
      const second = await runProgram(['--dir', sandbox.folder, '--simulate']);
      expect(second.code).toBe(1);
      const told: unknown = JSON.parse(second.stdout);
      expect(told).toEqual({ ready: false, runningAs: expect.any(Number) });
      const runningAs = numberAt(told, 'runningAs') ?? 0;
      expect(isRunning(runningAs)).toBe(true);
      expect(second.stderr).toMatch(
        new RegExp(
          `^The sandbox cannot start: A sandbox runs in .* already \\(process ${runningAs}\\): stop it, or choose another folder\\.$`,
          'm',
        ),
      );
    });
  });
}

test('a sandbox ends in order when its terminal closes', async () => {
  const sandbox = await SandboxProgram.start('--simulate', '--api', 'built-in');
  expect(await sandbox.stop('SIGHUP')).toBe(0);
  expect(await sandbox.children()).toEqual([]);
});

test('a wrong command line is told, with how to call it', async () => {
  const wrong = await runProgram(['--dir', '/nowhere', '--api', 'other']);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toMatch(/^--api must be one of auto, built-in, real, not "other"\.\n\nUsage: /);
  expect(await runProgram(['--help'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Usage: /) });
  const noFolder = await runProgram(['client', '--dir', '/nowhere', '--', 'true']);
  expect(noFolder).toMatchObject({ code: 125, stderr: expect.stringContaining('/nowhere/kubeconfig') });
});

function noPodsIn(namespace: string): readonly KubernetesObject[] {
  const { apiVersion, kind } = kinds.admissionPolicy;
  const metadata = { name: `no-pods-in-${namespace}` };
  const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] };
  const validation = { expression: `object.metadata.namespace != '${namespace}'`, message: 'No pods here.' };
  return [
    {
      apiVersion,
      kind,
      metadata,
      spec: { matchConstraints: { resourceRules: [rule] }, validations: [validation] },
    },
    {
      apiVersion,
      kind: kinds.admissionPolicyBinding.kind,
      metadata,
      spec: { policyName: metadata.name, validationActions: ['Deny'] },
    },
  ];
}

function configMap(name: string, owners: readonly KubernetesObject[]): KubernetesObject {
  const ownerReferences = owners.map(({ metadata }) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    name: metadata.name,
    uid: metadata.uid ?? '',
    blockOwnerDeletion: true,
  }));
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'shared', ownerReferences } };
}

interface Place {
  readonly namespace?: string;
  readonly name: string;
}

const routerSpec = {
  addresses: [{ ip: '192.168.12.99/24', gateway: '192.168.12.1' }],
  redirect: { redirectRules: [{ port: 8080, protocol: 'TCP', destinationIP: '203.0.113.25' }] },
};

const router: KubernetesObject = {
  apiVersion: egressRouterApiVersion,
  kind: egressRouterKind,
  metadata: { name: 'partner', namespace: 'demo' },
  spec: routerSpec,
};

function deployment(
  namespace: string,
  name: string,
  replicas: number,
  image: string,
  spec: object = {},
): KubernetesObject {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace, name },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'c', image }], ...spec },
      },
    },
  };
}

function service(namespace: string, name: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace, name },
    spec: { selector: { app: name }, ports: [{ port: 80 }] },
  };
}
