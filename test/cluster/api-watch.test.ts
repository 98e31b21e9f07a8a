import { CoreV1Api, type KubeConfig, makeInformer, type V1ConfigMap, Watch } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { at, listAt } from './api-json.ts';
import { onEachTarget, until } from './api-world.ts';

interface Seen {
  readonly type: string;
  readonly object: unknown;
}

/** Watches with the client library, and collects what comes. */
async function openWatch(
  config: KubeConfig,
  path: string,
  query: Record<string, string | number | boolean>,
): Promise<{ readonly seen: Seen[]; readonly ended: Promise<void>; stop(): void }> {
  const seen: Seen[] = [];
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const controller = await new Watch(config).watch(
    path,
    query,
    (type, object: unknown) => void seen.push({ type, object }),
    () => end(),
  );
  return { seen, ended, stop: () => controller.abort() };
}

const named = ({ type, object }: Seen): string => `${type} ${String(at(object, 'metadata', 'name'))}`;

onEachTarget((world) => {
  const make = (name: string, labels: Record<string, string> = {}): Promise<unknown> =>
    world().client.must(`POST ${world().path('configmaps')}`, { body: { metadata: { name, labels } } });
  const relabel = (name: string, labels: Record<string, string | null>): Promise<unknown> =>
    world().client.must(`PATCH ${world().path('configmaps')}/${name}`, {
      body: { metadata: { labels } },
      type: 'application/merge-patch+json',
    });
  const remove = (name: string): Promise<unknown> =>
    world().client.must(`DELETE ${world().path('configmaps')}/${name}`);
  const revision = async (): Promise<string> =>
    String(at(await world().client.must(`GET ${world().path('configmaps')}`), 'metadata', 'resourceVersion'));

  test('a watch goes on from the revision of a list', async () => {
    const { client, path } = world();
    await make('before');
    const resourceVersion = await revision();
    await make('missed');
    const watch = await openWatch(client.config, path('configmaps'), { resourceVersion });
    await make('late');
    await relabel('late', { a: 'b' });
    await remove('late');
    await until(async () => watch.seen.length === 4);
    watch.stop();
    expect(watch.seen.map(named)).toEqual(['ADDED missed', 'ADDED late', 'MODIFIED late', 'DELETED late']);
  });

  test('an object that comes into the selection is added, one that leaves it deleted', async () => {
    const { client, path } = world();
    const resourceVersion = await revision();
    const query = { resourceVersion, labelSelector: 'team in (red, blue),!hidden' };
    const watch = await openWatch(client.config, path('configmaps'), query);
    await make('walker', { team: 'green' });
    await relabel('walker', { team: 'red' });
    await relabel('walker', { team: 'blue' });
    await relabel('walker', { hidden: 'yes' });
    await relabel('walker', { hidden: null });
    await until(async () => watch.seen.length === 4);
    watch.stop();
    expect(watch.seen.map(named)).toEqual([
      'ADDED walker',
      'MODIFIED walker',
      'DELETED walker',
      'ADDED walker',
    ]);
  });

  test('a watch without a revision begins with what is there; a name selects one', async () => {
    const { client, path } = world();
    await make('only');
    const query = { fieldSelector: 'metadata.name=only' };
    const watch = await openWatch(client.config, path('configmaps'), query);
    await until(async () => watch.seen.length === 1);
    watch.stop();
    expect(watch.seen.map(named)).toEqual(['ADDED only']);
  });

  test('initial events end with a bookmark that says so', async () => {
    const { client, path } = world();
    const watch = await openWatch(client.config, path('configmaps'), {
      sendInitialEvents: true,
      resourceVersionMatch: 'NotOlderThan',
      allowWatchBookmarks: true,
    });
    await until(async () => watch.seen.some(({ type }) => type === 'BOOKMARK'));
    watch.stop();
    const last = watch.seen.at(-1)?.object;
    expect(at(last, 'metadata', 'annotations')).toEqual({ 'k8s.io/initial-events-end': 'true' });
  });

  test('the server ends a watch when its time is up', async () => {
    const { client, path } = world();
    const watch = await openWatch(client.config, path('configmaps'), { timeoutSeconds: 1 });
    await watch.ended;
    expect(watch.seen.length).toBeGreaterThan(0);
  });

  test("the client library's informer keeps up", async () => {
    const { client, namespace, path } = world();
    const api = client.config.makeApiClient(CoreV1Api);
    const informer = makeInformer<V1ConfigMap>(client.config, path('configmaps'), () =>
      api.listNamespacedConfigMap({ namespace }),
    );
    await informer.start();
    await make('informed');
    await until(async () => informer.get('informed', namespace) !== undefined);
    await remove('informed');
    await until(async () => informer.get('informed', namespace) === undefined);
    await informer.stop();
  });

  test('a list comes in pages that show one state', async () => {
    const { client, path } = world();
    for (const name of ['p1', 'p2', 'p3']) await make(name, { page: 'yes' });
    const url = `GET ${path('configmaps')}?labelSelector=page%3Dyes`;
    const first = await client.must(`${url}&limit=2`);
    await remove('p3');
    const token = encodeURIComponent(String(at(first, 'metadata', 'continue')));
    const second = await client.must(`${url}&limit=2&continue=${token}`);
    const names = [first, second].map((page) =>
      listAt(page, 'items').map((item) => at(item, 'metadata', 'name')),
    );
    expect(names).toEqual([['p1', 'p2'], ['p3']]);
    expect(at(second, 'metadata', 'resourceVersion')).toBe(at(first, 'metadata', 'resourceVersion'));
  });

  test('items of a list do not repeat the kind, and a table has the columns of kubectl', async () => {
    const { client, path } = world();
    const list = await client.must(`GET ${path('configmaps')}`);
    expect([list['kind'], at(listAt(list, 'items')[0], 'kind')]).toEqual(['ConfigMapList', undefined]);
    const table = await client.must(`GET ${path('configmaps')}`, {
      headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
    });
    const columns = listAt(table, 'columnDefinitions').map((column) => at(column, 'name'));
    expect([table['kind'], columns]).toEqual(['Table', ['Name', 'Data', 'Age']]);
  });
});
