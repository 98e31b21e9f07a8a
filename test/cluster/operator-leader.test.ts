import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { kinds } from '#cluster/kinds.ts';
import { createObject, deleteObject, findObject, listObjects } from '#cluster/objects.ts';
import { preflight } from '#cluster/operations/preflight.ts';
import { textAt } from '#core/json-value.ts';
import { nadName, operatorLeaseName, operatorNamespace } from '#core/manifest/names.ts';
import { metricsFaults } from '../../core/test/prometheus-format.ts';
import { installCrds, openWorld, router, signal, until, type World } from './operations-world.ts';
import { hasCondition, operatorKubeconfig, type RunningOperator, startOperator } from './operator-process.ts';
import { availableTargets, startTarget, type Target } from './target.ts';

describe.each(availableTargets())('operators beside each other on the %s API', (kind) => {
  let target: Target;
  let world: World;
  let kubeconfig: string;
  const operators: RunningOperator[] = [];

  beforeAll(async () => {
    target = await startTarget(kind);
    await installCrds(target.kubeconfig);
    world = await openWorld(target.kubeconfig);
    kubeconfig = await operatorKubeconfig(world);
  });

  afterEach(() => {
    for (const operator of operators.splice(0)) operator.kill();
  });

  afterAll(async () => {
    await world[Symbol.asyncDispose]();
    await target.close();
  });

  function start(...args: readonly string[]): RunningOperator {
    const operator = startOperator(kubeconfig, '--lease-duration=3', ...args);
    operators.push(operator);
    return operator;
  }

  async function reconciler(): Promise<string | undefined> {
    const { findings } = await preflight(
      world.connection,
      { kind: 'namespace', namespace: world.namespace },
      { signal },
    );
    return findings.find(({ code }) => code === 'reconciler')?.message;
  }

  test('one leads and the other waits until the first gives the Lease back', async () => {
    expect(await reconciler()).toContain('No trace of an operator');
    const first = start('--health-port=0');
    await until(() => first.log().includes('leading: Lease'));
    expect(await reconciler()).toBe('The operator of Egress Router Tools acts on EgressRouters here.');
    const second = start('--health-port=0');
    await until(() => second.log().includes('waiting: '));
    expect(await ask(second, '/readyz')).toBe('ok\n');
    expect(await ask(first, '/metrics')).toContain('egress_router_operator_leader 1\n');
    expect(await ask(second, '/metrics')).toContain('egress_router_operator_leader 0\n');
    expect(await first.stop()).toBe(0);
    await until(() => second.log().includes('leading: Lease'));
    expect(first.log()).not.toContain('lost');
    expect(await second.stop()).toBe(0);
    const place = { namespace: operatorNamespace, name: operatorLeaseName };
    const lease = await findObject(world.connection, kinds.lease, place, signal);
    expect(textAt(lease, 'spec', 'holderIdentity') ?? '').toBe('');
  });

  test('what becomes of a router stands in its Events', async () => {
    await using own = await openWorld(target.kubeconfig);
    const { connection, namespace } = own;
    const operator = start('--health-port=0');
    await createObject(connection, kinds.egressRouter, router('partner'), { namespace, signal });
    await hasCondition(own, 'partner', 'Progressing=True PodStarting');
    await createObject(connection, kinds.egressRouter, router('wrong', '192.168.99.1/24'), {
      namespace,
      signal,
    });
    await hasCondition(own, 'wrong', 'Degraded=True InvalidSpec');
    // What kubectl describe asks for.
    const reasons = async (name: string) => {
      const fieldSelector = `involvedObject.kind=EgressRouter,involvedObject.name=${name}`;
      const { objects } = await listObjects(connection, kinds.event, { namespace, fieldSelector, signal });
      return objects.map((event) => `${textAt(event, 'type')} ${textAt(event, 'reason')}`);
    };
    await until(async () => (await reasons('wrong')).length > 0);
    expect(await reasons('partner')).toEqual(['Normal Deployed']);
    expect(await reasons('wrong')).toEqual(['Warning InvalidSpec']);
    const metrics = await ask(operator, '/metrics');
    expect(metricsFaults(metrics)).toEqual([]);
    for (const counted of [
      'reconcile_total{result="success"}',
      'reconcile_seconds_count',
      'routers{condition="Degraded"}',
      'routers{condition="Progressing"}',
      'events_total{result="written"}',
      'api_requests_total{verb="apply",code="201"}',
    ]) {
      expect(metrics).toMatch(
        new RegExp(`^egress_router_operator_${counted.replace(/[{}]/g, '\\$&')} [1-9]`, 'm'),
      );
    }
    expect(await operator.stop()).toBe(0);
  });

  test('who finds the Lease deleted where an operator has acted waits until that one must have stopped', async () => {
    await using own = await openWorld(target.kubeconfig);
    const { connection, namespace } = own;
    const first = start();
    await createObject(connection, kinds.egressRouter, router('partner'), { namespace, signal });
    await hasCondition(own, 'partner', 'Progressing=True PodStarting');
    first.kill();
    const place = { namespace: operatorNamespace, name: operatorLeaseName };
    await deleteObject(connection, kinds.lease, place, { signal });
    const second = start();
    await until(() => second.log().includes('leading: Lease'));
    expect(second.log()).toMatch(/was not there and is held now.*begins in 2 s\n(.*\n)*.*leading: Lease/);
    expect(await second.stop()).toBe(0);
  });

  test('a namespace that is being deleted is nothing to complain of', async () => {
    await using own = await openWorld(target.kubeconfig);
    const { connection, namespace } = own;
    const operator = start('--health-port=0');
    await createObject(connection, kinds.egressRouter, router('partner'), { namespace, signal });
    await hasCondition(own, 'partner', 'Progressing=True PodStarting');
    await deleteObject(connection, kinds.namespace, { name: namespace }, { signal });
    await deleteObject(connection, kinds.nad, { namespace, name: nadName }, { signal });
    await until(async () => /verb="apply",code="403"/.test(await ask(operator, '/metrics')));
    expect(operator.log()).not.toMatch(/\b403\b|next attempt|being deleted/);
    expect(await operator.stop()).toBe(0);
  });
});

async function ask(operator: RunningOperator, path: string): Promise<string> {
  const port = /health on port ([0-9]+)/.exec(operator.log())?.[1];
  return (await fetch(`http://127.0.0.1:${port}${path}`)).text();
}
