// An operator that is refused, or overruled by somebody else, again and again: it tries ever less often, and says so.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kinds } from '#cluster/kinds.ts';
import { createObject, deleteObject, patchObject } from '#cluster/objects.ts';
import { at } from '#core/json-value.ts';
import { deploymentName } from '#core/manifest/names.ts';
import { type FaultProxy, openFaultProxy } from './fault-proxy.ts';
import { installCrds, openWorld, router, rule, signal, until, type World } from './operations-world.ts';
import {
  degradedMessage,
  find,
  hasCondition,
  kubeconfigBehind,
  type RunningOperator,
  startOperator,
} from './operator-process.ts';
import { availableTargets, startTarget, type Target } from './target.ts';

describe.each(availableTargets())('a patient operator on the %s API', (kind) => {
  let target: Target;
  let first: World;
  let proxy: FaultProxy;
  let operator: RunningOperator;

  beforeAll(async () => {
    target = await startTarget(kind);
    await installCrds(target.kubeconfig);
    first = await openWorld(target.kubeconfig);
    proxy = await openFaultProxy({ server: first.connection.server, ca: first.ca });
    operator = startOperator(await kubeconfigBehind(first, proxy.url));
  });

  afterAll(async () => {
    operator?.kill();
    await proxy?.[Symbol.asyncDispose]();
    await first?.[Symbol.asyncDispose]();
    await target?.close();
  });

  test('a refusal in other words each time is no reason to hurry, but a change of the spec is', async () => {
    await using world = await openWorld(target.kubeconfig);
    const { connection, namespace } = world;
    const attemptsMs: number[] = [];
    proxy.fault = ({ method, path }) => {
      if (method !== 'PATCH' || !path.includes(`/${namespace}/deployments/`)) return undefined;
      attemptsMs.push(performance.now());
      return { kind: 'answer', code: 403, message: `denied the request [${attemptsMs.length}]` };
    };
    await createObject(connection, kinds.egressRouter, router('partner'), { namespace, signal });
    await until(() => attemptsMs.length >= 6);
    await hasCondition(world, 'partner', 'Degraded=True ApplyRefused');
    const [begin = 0] = attemptsMs;
    // The objects made before the refused one come back by their watches, and may call for two attempts at once.
    expect((attemptsMs[5] ?? 0) - begin).toBeGreaterThan(0.9 * (800 + 1_600));
    const beforeMs = performance.now();
    const place = { namespace, name: 'partner' };
    const spec = { redirect: { redirectRules: [rule(9090)] } };
    await patchObject(connection, kinds.egressRouter, place, { spec }, signal);
    await until(() => (attemptsMs.at(-1) ?? 0) > beforeMs);
    expect((attemptsMs.at(-1) ?? 0) - beforeMs).toBeLessThan(2_000);
  });

  test('who insists on a field is overruled a few times at once, then ever less often, and is named', async () => {
    await using world = await openWorld(target.kubeconfig);
    const { connection, namespace } = world;
    proxy.fault = () => undefined;
    await createObject(connection, kinds.egressRouter, router('partner'), { namespace, signal });
    await hasCondition(world, 'partner', 'Progressing=True PodStarting');
    const place = { namespace, name: deploymentName };
    const endMs = performance.now() + 7_000;
    let edits = 0;
    await until(async () => {
      const replicas = at(await find(world, kinds.deployment, deploymentName), 'spec', 'replicas');
      if (replicas === 1) {
        edits += 1;
        await patchObject(connection, kinds.deployment, place, { spec: { replicas: 2 } }, signal);
      }
      return performance.now() > endMs;
    });
    expect(edits).toBeGreaterThan(2);
    expect(edits).toBeLessThan(7);
    await hasCondition(world, 'partner', 'Degraded=True Contested');
    const [, fields] =
      /: "[^"]+" sets (.*) otherwise/.exec((await degradedMessage(world, 'partner')) ?? '') ?? [];
    expect(fields).toBe('spec.replicas');
  });

  test('who deletes an object again and again finds it made anew ever less often, and is told of', async () => {
    await using world = await openWorld(target.kubeconfig);
    const { connection, namespace } = world;
    proxy.fault = () => undefined;
    await createObject(connection, kinds.egressRouter, router('partner'), { namespace, signal });
    await hasCondition(world, 'partner', 'Progressing=True PodStarting');
    const place = { namespace, name: deploymentName };
    const endMs = performance.now() + 7_000;
    let deletions = 0;
    await until(async () => {
      if ((await find(world, kinds.deployment, deploymentName)) !== undefined) {
        deletions += 1;
        await deleteObject(connection, kinds.deployment, place, { signal });
      }
      return performance.now() > endMs;
    });
    expect(deletions).toBeGreaterThan(2);
    expect(deletions).toBeLessThan(7);
    await hasCondition(world, 'partner', 'Degraded=True Contested');
    const told = `Deployment ${namespace}/${deploymentName}: Somebody deletes it again and again`;
    expect(await degradedMessage(world, 'partner')).toContain(told);
  });
});
