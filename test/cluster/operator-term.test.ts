// What a real operator does with its term when the network, the clock or its token fails it.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { kinds } from '#cluster/kinds.ts';
import { createObject } from '#cluster/objects.ts';
import { nadName } from '#core/manifest/names.ts';
import { type FaultyRequest, openFaultProxy } from './fault-proxy.ts';
import { installCrds, openWorld, router, signal, until, type World } from './operations-world.ts';
import {
  conditionsOf,
  find,
  makeAccountAnew,
  operatorKubeconfig,
  operatorToken,
  type RunningOperator,
  startOperator,
  startWithJumpingClock,
} from './operator-process.ts';
import { availableTargets, startTarget, type Target } from './target.ts';

describe.each(availableTargets())('the term of an operator on the %s API', (kind) => {
  let target: Target;
  let world: World;
  const operators: RunningOperator[] = [];
  const options = ['--lease-duration=3', '--health-port=0'];

  beforeAll(async () => {
    target = await startTarget(kind);
    await installCrds(target.kubeconfig);
    world = await openWorld(target.kubeconfig);
  });

  afterEach(() => {
    for (const operator of operators.splice(0)) operator.kill();
  });

  afterAll(async () => {
    await world[Symbol.asyncDispose]();
    await target.close();
  });

  function started(operator: RunningOperator): RunningOperator {
    operators.push(operator);
    return operator;
  }

  async function deploy(name: string): Promise<void> {
    const { connection, namespace } = world;
    await createObject(connection, kinds.egressRouter, router(name), { namespace, signal });
  }

  const leads = (operator: RunningOperator): boolean => operator.log().includes('leading: Lease');
  const isWrite = ({ method }: FaultyRequest): boolean => method !== 'GET';

  test('a leader that the API has left sends nothing of what it was writing once another may lead', async () => {
    await using proxy = await openFaultProxy({ server: world.connection.server, ca: world.ca });
    const token = await operatorToken(world);
    const behind = await world.kubeconfig(({ clusters, users }) => {
      for (const { cluster } of clusters) {
        delete cluster['certificate-authority-data'];
        cluster['server'] = proxy.url;
      }
      for (const entry of users) entry.user = { token };
    });
    const first = started(startOperator(behind, ...options));
    await until(() => leads(first));
    const second = started(startOperator(await operatorKubeconfig(world), ...options));
    await until(() => second.log().includes('waiting: '));

    const delayed: string[] = [];
    const reached: string[] = [];
    proxy.fault = (request) => {
      if (request.path.includes('/leases/')) return { kind: 'silence' };
      if (!isWrite(request)) return undefined;
      delayed.push(request.path);
      // Longer than the term can last.
      return { kind: 'slow', delayMs: 5_000 };
    };
    proxy.onForward = (request) => {
      if (isWrite(request)) reached.push(`${request.method} ${request.path}`);
    };
    await deploy('left');
    await until(() => delayed.length > 0);
    await until(() => leads(second));
    await until(async () => (await find(world, kinds.nad, nadName)) !== undefined);
    await until(() => first.log().includes('lost'));
    // Longer than what was on its way can have taken.
    const cameBack = performance.now() + 6_000;
    await until(() => performance.now() > cameBack);
    expect(reached).toEqual([]);

    proxy.fault = () => undefined;
    proxy.onForward = () => undefined;
    const logged = first.log().length;
    await until(() => first.log().slice(logged).includes('waiting: '));
    expect(await second.stop()).toBe(0);
    await until(() => leads({ ...first, log: () => first.log().slice(logged) }));
    expect(await first.stop()).toBe(0);
  }, 60_000);

  test('clocks that jump by hours cost no term and give none', async () => {
    const kubeconfig = await operatorKubeconfig(world);
    const first = started(startWithJumpingClock(kubeconfig, ...options));
    await until(() => leads(first));
    const second = started(startWithJumpingClock(kubeconfig, ...options));
    await until(() => second.log().includes('waiting: '));
    const threeTerms = performance.now() + 9_000;
    await until(() => performance.now() > threeTerms);
    expect(first.log()).not.toContain('lost');
    expect(leads(second)).toBe(false);
    await deploy('jumping');
    await until(async () => (await conditionsOf(world, 'jumping')).length > 0);
    expect(await first.stop()).toBe(0);
    await until(() => leads(second));
    expect(await second.stop()).toBe(0);
  }, 60_000);

  test('a token that is renewed in its file is taken up, and one that is refused meanwhile costs nothing but time', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'ert-token-'));
    const tokenFile = path.join(folder, 'token');
    await writeFile(tokenFile, await operatorToken(world));
    const kubeconfig = await world.kubeconfig(({ users }) => {
      for (const entry of users) entry.user = { tokenFile };
    });
    const operator = started(startOperator(kubeconfig, ...options));
    await until(() => leads(operator));
    await makeAccountAnew(world);
    await until(() => /failing|cannot|401|Unauthorized|login/i.test(operator.log()));
    await deploy('renewed');
    await writeFile(tokenFile, await operatorToken(world));
    await until(async () => (await conditionsOf(world, 'renewed')).length > 0);
    expect(await operator.stop()).toBe(0);
    await rm(folder, { recursive: true });
  }, 60_000);
});
