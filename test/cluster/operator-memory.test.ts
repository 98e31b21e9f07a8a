// The operator with a thousand routers, in less memory than its Deployment gives it.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { kinds } from '#cluster/kinds.ts';
import { listObjects } from '#cluster/objects.ts';
import { at, listAt } from '#core/json-value.ts';
import { MemoryGroup } from '../netns/memory-group.ts';
import { makeRouters } from './many-routers.ts';
import { installCrds, openWorld, signal, type World } from './operations-world.ts';
import { operatorKubeconfig, type RunningOperator, startAsInImage } from './operator-process.ts';
import { startTarget, type Target } from './target.ts';

const mebi = 1024 * 1024;
const limitBytes = 120 * mebi;
const routers = 1_000;

describe.skipIf(!MemoryGroup.isPossible)('1,000 routers in 120 MiB', () => {
  let target: Target;
  let world: World;
  let group: MemoryGroup;
  let operator: RunningOperator | undefined;

  beforeAll(async () => {
    target = await startTarget('sandbox');
    await installCrds(target.kubeconfig);
    world = await openWorld(target.kubeconfig);
    group = await MemoryGroup.make(`ert-operator-${process.pid}`, limitBytes);
    await makeRouters(world.connection, routers, signal);
  }, 300_000);

  afterEach(async () => {
    await operator?.stop();
  });

  afterAll(async () => {
    await group?.remove();
    await world?.[Symbol.asyncDispose]();
    await target?.close();
  });

  test('an operator makes all their objects, its successor reads them, and nobody is killed', async () => {
    const kubeconfig = await operatorKubeconfig(world);
    const start = () => startAsInImage(kubeconfig, ['--health-port=0', '--lease-duration=3'], group.command);
    operator = await start();
    // Which it says of a router once its objects are applied; there is nobody here who would start pods.
    await untilCounted(operator, /routers\{condition="Progressing"\} ([0-9]+)/, routers);
    const { objects } = await listObjects(world.connection, kinds.egressRouter, { signal });
    expect(objects.filter((object) => listAt(object, 'status', 'conditions').length > 0)).toHaveLength(
      routers,
    );
    expect(await operator.stop()).toBe(0);
    operator = await start();
    await untilCounted(operator, /reconcile_total\{result="success"\} ([0-9]+)/, routers);
    expect(await operator.stop()).toBe(0);
    expect(await group.kills()).toBe(0);
  }, 600_000);

  test('its Deployment gives it more than that', async () => {
    const file = path.join(import.meta.dirname, '../../agent/deploy/manifests/operator.yaml');
    const [container] = listAt(parse(await readFile(file, 'utf8')), 'spec', 'template', 'spec', 'containers');
    const limit = /^([0-9]+)Mi$/.exec(String(at(container, 'resources', 'limits', 'memory')))?.[1];
    expect(Number(limit) * mebi).toBeGreaterThan(limitBytes);
  });
});

/** Five minutes is what a busy machine may take; one at rest takes 20 s. */
async function untilCounted({ log }: RunningOperator, counter: RegExp, atLeast: number): Promise<void> {
  const deadline = Date.now() + 300_000;
  let counted = 0;
  while (counted < atLeast) {
    if (Date.now() > deadline) throw new Error(`${counted} of ${atLeast} within 5 min: ${log()}`);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const port = /health on port ([0-9]+)/.exec(log())?.[1];
    const text = port === undefined ? '' : await metricsAt(port);
    counted = Number(counter.exec(text)?.[1] ?? 0);
  }
}

async function metricsAt(port: string): Promise<string> {
  // A kept connection may be closed by the one side as the other one takes it up again.
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { connection: 'close' } });
  return answer.text();
}
