// Watches through an API server that is having a bad day: nothing flaps, and what lasts is told once.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kinds } from '#cluster/kinds.ts';
import { deleteObject } from '#cluster/objects.ts';
import { watchObjects } from '#cluster/watch.ts';
import type { Fault } from './fault-proxy.ts';
import { type Behind, deployDirectly, openBehind } from './faulty-world.ts';
import { installCrds, signal, until } from './operations-world.ts';
import { availableTargets, startTarget } from './target.ts';
import { watchStates } from './watch-states.ts';

for (const kind of availableTargets()) {
  let target: Awaited<ReturnType<typeof startTarget>>;
  beforeAll(async () => {
    target = await startTarget(kind);
    await installCrds(target.kubeconfig);
  });
  afterAll(() => target.close());
  const open = (): Promise<Behind> => openBehind(target.kubeconfig);

  test(`${kind}: watches that are cut again and again, and versions that are forgotten, are nothing to see`, async () => {
    await using behind = await open();
    const { connection, proxy, world } = behind;
    let watches = 0;
    proxy.fault = ({ isWatch }) => {
      if (!isWatch) return undefined;
      watches++;
      return watches % 3 === 0 ? { kind: 'answer', code: 410 } : { kind: 'watch cut', afterMs: 250 };
    };
    const { states, sizes, names, watch } = watchStates(connection);
    await until(() => states.at(-1) === 'live');
    for (let count = 1; count <= 8; count++) {
      await deployDirectly(behind, `r${count}`);
      await until(() => names().length === count);
    }
    watch.close();
    expect(states).toEqual(['connecting', 'live']);
    expect(sizes).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(proxy.counts.get('410')).toBeGreaterThan(0);
    expect(proxy.counts.get('watch cut')).toBeGreaterThan(3);
    await deleteObject(world.connection, kinds.egressRouter, { ...behind.place, name: 'r1' }, { signal });
  });

  test.each<[string, Fault]>([
    ['500', { kind: 'answer', code: 500 }],
    ['503', { kind: 'answer', code: 503, retryAfterSeconds: 0 }],
    ['429', { kind: 'answer', code: 429, retryAfterSeconds: 0 }],
    ['cut', { kind: 'cut' }],
  ])(`${kind}: a bad moment is nothing to see, a bad time is told once and passes: %s`, async (_, fault) => {
    await using behind = await open();
    const { connection, proxy } = behind;
    await deployDirectly(behind, 'r1');
    proxy.fault = ({ isWatch }) => (isWatch ? { kind: 'watch cut', afterMs: 300 } : undefined);
    const { states, sizes, names, watch } = watchStates(connection);
    await until(() => states.at(-1) === 'live' && names().length === 1);
    const spoiled = new Set<string>();
    proxy.fault = ({ path, isWatch }) => {
      const key = path.replace(/\?.*/, '');
      if (isWatch && spoiled.has(key)) return undefined;
      spoiled.add(key);
      return fault;
    };
    await until(() => spoiled.size >= 3);
    proxy.fault = () => undefined;
    await deployDirectly(behind, 'r2');
    await until(() => names().length === 2);
    expect(states).toEqual(['connecting', 'live']);
    proxy.fault = ({ isWatch }) => (isWatch ? { kind: 'watch cut', afterMs: 1200 } : undefined);
    watch.close();
    const later = watchStates(connection);
    await until(() => later.states.at(-1) === 'live');
    proxy.fault = () => fault;
    await until(() => later.states.length === 3);
    proxy.fault = () => undefined;
    await until(() => later.states.length === 4);
    later.watch.close();
    const reason = {
      answer: fault.kind === 'answer' && fault.code === 429 ? 'throttled' : 'server-error',
      cut: 'unreachable',
    };
    expect(later.states).toEqual([
      'connecting',
      'live',
      `unreachable: ${fault.kind === 'cut' ? reason.cut : reason.answer}`,
      'live',
    ]);
    expect(sizes).toEqual([0, 1, 2]);
    expect(later.sizes).toEqual([0, 2]);
  });

  test(`${kind}: a half-open watch is renewed, unseen`, async () => {
    await using behind = await open();
    const { connection, proxy } = behind;
    const events: string[] = [];
    let watches = 0;
    proxy.fault = ({ isWatch }) =>
      isWatch && ++watches === 1 ? { kind: 'watch falls silent', afterMs: 0 } : undefined;
    const watch = watchObjects(connection, kinds.egressRouter, {
      namespace: behind.place.namespace,
      idleTimeoutMs: 1000,
      onEvent: (event) => {
        events.push(
          event.kind === 'put'
            ? event.object.metadata.name
            : event.kind === 'state'
              ? event.state.kind
              : event.kind,
        );
      },
    });
    await until(() => proxy.counts.get('watch falls silent') === 1);
    await deployDirectly(behind, 'unheard');
    await until(() => events.includes('unheard'));
    watch.close();
    expect(watches).toBe(2);
    expect(events).toEqual(['listed', 'live', 'unheard']);
  });
}
