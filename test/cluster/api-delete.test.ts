import { expect, test } from 'vitest';
import { at, listAt, objectAt } from './api-json.ts';
import { makeNamespace, onEachTarget } from './api-world.ts';

onEachTarget((world) => {
  const configMaps = (): string => world().path('configmaps');
  const make = (name: string, metadata: object = {}): Promise<unknown> =>
    world().client.must(`POST ${configMaps()}`, { body: { metadata: { name, ...metadata } } });
  const finalizers = (name: string, list: readonly string[]) =>
    world().client.send(`PATCH ${configMaps()}/${name}`, {
      body: { metadata: { finalizers: list } },
      type: 'application/merge-patch+json',
    });

  test('a delete answers with a Status that names what is gone', async () => {
    await make('plain');
    const { body } = await world().client.send(`DELETE ${configMaps()}/plain`);
    const { uid, ...details } = objectAt(body, 'details');
    expect([body['status'], typeof uid, details]).toEqual([
      'Success',
      'string',
      { name: 'plain', kind: 'configmaps' },
    ]);
  });

  test('finalizers hold an object, which then takes no new ones', async () => {
    const { client } = world();
    await make('held', { finalizers: ['example.com/hold'] });
    const marked = await client.must(`DELETE ${configMaps()}/held`);
    expect(typeof at(marked, 'metadata', 'deletionTimestamp')).toBe('string');
    const more = await finalizers('held', ['example.com/hold', 'example.com/more']);
    expect([more.code, more.body['message']]).toEqual([
      422,
      'ConfigMap "held" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object ' +
        'is being deleted, found new finalizers []string{"example.com/more"}',
    ]);
    expect((await finalizers('held', [])).code).toBe(200);
    expect((await client.send(`GET ${configMaps()}/held`)).code).toBe(404);
  });

  test.each([
    ['Foreground', ['foregroundDeletion']],
    ['Orphan', ['orphan']],
  ])('%s leaves the rest to the garbage collector', async (policy, expected) => {
    const { client } = world();
    const name = policy.toLowerCase();
    await make(name);
    const marked = await client.must(`DELETE ${configMaps()}/${name}`, {
      body: { propagationPolicy: policy },
    });
    expect(at(marked, 'metadata', 'finalizers')).toEqual(expected);
  });

  test('a collection is deleted by label', async () => {
    const { client } = world();
    for (const name of ['x1', 'x2']) await make(name, { labels: { go: 'yes' } });
    await make('x3');
    await client.must(`DELETE ${configMaps()}?labelSelector=go%3Dyes`);
    const rest = await client.must(`GET ${configMaps()}`);
    const names = listAt(rest, 'items').map((item) => String(at(item, 'metadata', 'name')));
    expect(names.filter((name) => name.startsWith('x'))).toEqual(['x3']);
  });

  test('a pod on a node is given its grace, one without a node goes at once', async () => {
    const { client, path } = world();
    const pods = path('pods');
    const pod = (name: string): object => ({
      metadata: { name },
      spec: { containers: [{ name: 'c', image: 'x:1' }], terminationGracePeriodSeconds: 7 },
    });
    for (const name of ['bound', 'unbound']) await client.must(`POST ${pods}`, { body: pod(name) });
    const binding = {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name: 'bound' },
      target: { name: 'n1' },
    };
    await client.must(`POST ${pods}/bound/binding`, { body: binding });
    const marked = await client.must(`DELETE ${pods}/bound`);
    expect(at(marked, 'metadata', 'deletionGracePeriodSeconds')).toBe(7);
    await client.must(`DELETE ${pods}/unbound`);
    expect((await client.send(`GET ${pods}/unbound`)).code).toBe(404);
    await client.must(`DELETE ${pods}/bound?gracePeriodSeconds=0`);
    expect((await client.send(`GET ${pods}/bound`)).code).toBe(404);
  });

  test('a namespace ends in steps, and takes nothing new meanwhile', async () => {
    const { client } = world();
    const name = await makeNamespace(client);
    const marked = await client.must(`DELETE /api/v1/namespaces/${name}`);
    expect([at(marked, 'spec'), at(marked, 'status')]).toEqual([
      { finalizers: ['kubernetes'] },
      { phase: 'Terminating' },
    ]);
    const late = await client.send(`POST /api/v1/namespaces/${name}/configmaps`, {
      body: { metadata: { name: 'late' } },
    });
    expect([late.code, late.body['message'], objectAt(late.body, 'details')['causes']]).toEqual([
      403,
      `configmaps "late" is forbidden: unable to create new content in namespace ${name} because it is being terminated`,
      [
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${name} is being terminated`,
          field: 'metadata.namespace',
        },
      ],
    ]);
    await client.must(`PUT /api/v1/namespaces/${name}/finalize`, {
      body: { ...marked, spec: { finalizers: [] } },
    });
    expect((await client.send(`GET /api/v1/namespaces/${name}`)).code).toBe(404);
    const refused = await client.send('DELETE /api/v1/namespaces/default');
    expect([refused.code, refused.body['message']]).toEqual([
      403,
      'namespaces "default" is forbidden: this namespace may not be deleted',
    ]);
  });
});
