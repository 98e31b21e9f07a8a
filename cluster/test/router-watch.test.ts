import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { toKept } from '#cluster/kept-fields.ts';
import { toRouterViews } from '#cluster/router-view.ts';
import { watchRouters } from '#cluster/router-watch.ts';
import { Store, watchedKinds } from '#cluster/store.ts';
import type { RoutersSnapshot } from '#cluster/view.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { deployment, nad, pod, router, watchedAs } from './objects-of-a-router.ts';
import { sendJson, startStubApi } from './stub-api.ts';

interface Happening {
  readonly version: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubernetesObject;
}

/** Lists by pages of two and watches, of which a share goes wrong in the ways in which they do. */
class UnreliableApi {
  readonly #objects = new Map<string, KubernetesObject>();
  readonly #happenings: Happening[] = [];
  readonly #watchers = new Set<{ readonly path: string; readonly response: ServerResponse }>();
  readonly #random: () => number;
  share = 0;
  /** Those that came before are no longer kept. */
  oldest = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  get version(): number {
    return this.#happenings.length;
  }

  get objects(): Iterable<KubernetesObject> {
    return this.#objects.values();
  }

  change(object: KubernetesObject, isGone: boolean): void {
    const key = `${pathOf(object)} ${object.metadata.namespace}`;
    const type = isGone ? 'DELETED' : this.#objects.has(key) ? 'MODIFIED' : 'ADDED';
    if (isGone && !this.#objects.has(key)) return;
    const version = this.version + 1;
    const changed = { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
    if (isGone) this.#objects.delete(key);
    else this.#objects.set(key, changed);
    const happening: Happening = { version, type, object: changed };
    this.#happenings.push(happening);
    for (const watcher of this.#watchers) {
      if (watcher.path !== pathOf(object)) continue;
      watcher.response.write(lineOf(happening));
      if (this.#random() < this.share / 4) watcher.response.destroy();
    }
  }

  #listed(path: string, version: number): readonly KubernetesObject[] {
    const found = new Map<string, KubernetesObject>();
    for (const { type, object } of this.#happenings.slice(0, version)) {
      if (pathOf(object) !== path) continue;
      if (type === 'DELETED') found.delete(object.metadata.namespace ?? '');
      else found.set(object.metadata.namespace ?? '', object);
    }
    return [...found.values()];
  }

  readonly handler = (request: IncomingMessage, response: ServerResponse): void => {
    const { pathname: path, searchParams } = new URL(request.url ?? '', 'http://stub');
    if (this.#random() < this.share) {
      const status = [undefined, 410, 429, 500][Math.floor(this.#random() * 4)];
      if (status === undefined) return void request.socket.destroy();
      response.setHeader('retry-after', '0');
      return sendJson(response, status, { kind: 'Status', code: status });
    }
    // One Deployment or pod is of both selectors at most.
    const isFurther = searchParams.get('labelSelector')?.includes('!=') === true;
    if (searchParams.get('watch') === 'true') {
      const from = Number(searchParams.get('resourceVersion'));
      if (from < this.oldest) return sendJson(response, 410, { kind: 'Status', code: 410 });
      response.writeHead(200);
      response.flushHeaders();
      if (isFurther) return;
      const missed = this.#happenings.filter(
        ({ version, object }) => version > from && pathOf(object) === path,
      );
      for (const happening of missed) response.write(lineOf(happening));
      const watcher = { path, response };
      this.#watchers.add(watcher);
      response.once('close', () => this.#watchers.delete(watcher));
      return;
    }
    // Each page is of the world as it was at the first one.
    const [version = this.version, start = 0] = searchParams.get('continue')?.split(' ').map(Number) ?? [];
    const found = isFurther ? [] : this.#listed(path, version);
    const more = start + 2 < found.length ? { continue: `${version} ${start + 2}` } : {};
    sendJson(response, 200, {
      metadata: { resourceVersion: String(version), ...more },
      items: found.slice(start, start + 2),
    });
  };
}

function lineOf({ type, object }: Happening): string {
  return `${JSON.stringify({ type, object })}\n`;
}

function pathOf({ kind }: KubernetesObject): string {
  const paths: Readonly<Record<string, string>> = {
    EgressRouter: '/apis/network.operator.openshift.io/v1/egressrouters',
    NetworkAttachmentDefinition: '/apis/k8s.cni.cncf.io/v1/network-attachment-definitions',
    Deployment: '/apis/apps/v1/deployments',
    Pod: '/api/v1/pods',
  };
  return paths[kind] ?? '';
}

/** Mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function objectsIn(namespace: string, variant: number): readonly KubernetesObject[] {
  const states = ['pending', 'attached', 'ready'] as const;
  const uid = `u-${namespace}`;
  const owner = {
    apiVersion: 'network.operator.openshift.io/v1',
    kind: 'EgressRouter',
    name: 'egress-a',
    uid,
  };
  const place = (object: KubernetesObject, more: object = {}): KubernetesObject => ({
    ...object,
    metadata: { ...object.metadata, namespace, ...more, uid: `${uid}-${object.kind}` },
  });
  const own = router({}, {});
  const spec = { ...own.spec, addresses: [{ ip: `10.0.${variant}.9/24` }] };
  return [
    { ...own, spec, metadata: { ...own.metadata, namespace, uid } },
    place(nad(), { ownerReferences: [owner] }),
    place(deployment(`h${variant % 2}`), { ownerReferences: [owner] }),
    place(pod(states[variant] ?? 'ready', { configHash: 'h0' })),
  ];
}

test.concurrent.each([1, 2, 3])(
  'a server that fails in all ways is followed to the end (seed %d)',
  async (seed) => {
    const random = seeded(seed);
    const unreliable = new UnreliableApi(random);
    await using api = await startStubApi(unreliable.handler);
    let last: RoutersSnapshot | undefined;
    unreliable.share = 0.25;
    const listener = (snapshot: RoutersSnapshot): void => {
      last = snapshot;
    };
    const watch = watchRouters(api.connection, { listener, pauseMs: 5 });
    for (let step = 0; step < 300; step += 1) {
      const namespace = `team-${Math.floor(random() * 4)}`;
      const made = objectsIn(namespace, Math.floor(random() * 3));
      const object = made[Math.floor(random() * made.length)];
      if (object !== undefined) unreliable.change(object, random() < 0.2);
      if (step % 100 === 50) unreliable.oldest = unreliable.version;
      await turn();
    }
    unreliable.share = 0;
    const store = new Store();
    for (const object of unreliable.objects) {
      const kept = toKept(watchedAs(object), object);
      if (kept !== undefined) store.apply(watchedAs(object), { kind: 'put', object: kept });
    }
    const expected = { connection: { kind: 'live' }, routers: toRouterViews(store) };
    await vi.waitFor(() => expect(last).toMatchObject(expected), { timeout: 20_000, interval: 10 });
    watch.close();
  },
  30_000,
);

test('however much happens, the view is told at most ten times a second', async () => {
  const busy = new UnreliableApi(() => 1);
  await using api = await startStubApi(busy.handler);
  const startMs = performance.now();
  const toldMs: number[] = [];
  const watch = watchRouters(api.connection, { listener: () => void toldMs.push(performance.now()) });
  for (let step = 0; toldMs.length < 8; step += 1) {
    for (const object of objectsIn(`team-${step % 4}`, step % 3)) busy.change(object, false);
    await turn();
  }
  watch.close();
  // A timer may be early by a millisecond.
  expect((toldMs.at(-1) ?? 0) - startMs).toBeGreaterThanOrEqual(7 * 99);
});

afterEach(() => vi.useRealTimers());

test('after sleep every watch is renewed at once, unseen', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
  await using api = await startStubApi(new UnreliableApi(() => 1).handler);
  const watches = (): number => api.requests.filter((line) => line.includes('watch=true')).length;
  const states = new Set<string>();
  const listener = ({ connection }: RoutersSnapshot): void => void states.add(connection.kind);
  const watch = watchRouters(api.connection, { listener, pauseMs: 5 });
  await vi.waitFor(() => expect(watches()).toBe(watchedKinds.length));
  await vi.waitFor(() => expect(states).toContain('live'));
  vi.setSystemTime(Date.now() + 3_600_000);
  await vi.waitFor(() => {
    vi.advanceTimersByTime(5_000);
    expect(watches()).toBe(2 * watchedKinds.length);
  });
  watch.close();
  expect([...states]).toEqual(['connecting', 'live']);
});
