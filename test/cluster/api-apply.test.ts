import { expect, test } from 'vitest';
import type { JsonObject } from '#core/schema/json-schema.ts';
import { at, listAt, objectAt } from './api-json.ts';
import { installGadgets, onEachTarget } from './api-world.ts';

const group = 'apply.example.com';

onEachTarget((world) => {
  const gadgets = (): string => world().path('gadgets', `${group}/v1`);
  const gadget = (name: string, spec: object): object => ({
    apiVersion: `${group}/v1`,
    kind: 'Gadget',
    metadata: { name },
    spec,
  });
  const apply = (manager: string, name: string, spec: object, more = '') =>
    world().client.apply(`${gadgets()}/${name}`, manager, gadget(name, spec), more);

  test('an apply makes the object and owns what it names, no defaults', async () => {
    await installGadgets(world().client, group);
    const made = await apply('one', 'a', { mode: 'Fast', tags: ['x'], ports: [{ number: 80, name: 'web' }] });
    expect(made.code).toBe(201);
    expect(made.body['spec']).toEqual({
      mode: 'Fast',
      replicas: 1,
      nested: { inner: { size: 'M' } },
      tags: ['x'],
      ports: [{ number: 80, protocol: 'TCP', name: 'web' }],
    });
    expect(ownersOf(made.body)).toEqual([
      {
        manager: 'one',
        operation: 'Apply',
        fields: {
          'f:spec': {
            'f:mode': {},
            'f:ports': { 'k:{"number":80,"protocol":"TCP"}': { '.': {}, 'f:name': {}, 'f:number': {} } },
            'f:tags': { 'v:"x"': {} },
          },
        },
      },
    ]);
  });

  test('the same apply again changes nothing', async () => {
    const first = await apply('one', 'same', { mode: 'Fast' });
    const second = await apply('one', 'same', { mode: 'Fast' });
    expect(second.code).toBe(200);
    expect(at(second.body, 'metadata', 'resourceVersion')).toBe(
      at(first.body, 'metadata', 'resourceVersion'),
    );
  });

  test("another's value is a conflict that names manager and field; force takes it over", async () => {
    await apply('one', 'c', { mode: 'Fast', ports: [{ number: 80, name: 'web' }] });
    const refused = await apply('two', 'c', { mode: 'Slow', ports: [{ number: 80, name: 'other' }] });
    expect([refused.code, refused.body['reason'], refused.body['message']]).toEqual([
      409,
      'Conflict',
      'Apply failed with 2 conflicts: conflicts with "one":\n- .spec.mode\n' +
        '- .spec.ports[number=80,protocol="TCP"].name',
    ]);
    expect(objectAt(refused.body, 'details')).toEqual({
      causes: [
        { reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.spec.mode' },
        {
          reason: 'FieldManagerConflict',
          message: 'conflict with "one"',
          field: '.spec.ports[number=80,protocol="TCP"].name',
        },
      ],
    });
    const forced = await apply('two', 'c', { mode: 'Slow' }, '&force=true');
    expect(forced.code).toBe(200);
    expect(ownersOf(forced.body)).toEqual([
      {
        manager: 'one',
        operation: 'Apply',
        fields: {
          'f:spec': {
            'f:ports': { 'k:{"number":80,"protocol":"TCP"}': { '.': {}, 'f:name': {}, 'f:number': {} } },
          },
        },
      },
      { manager: 'two', operation: 'Apply', fields: { 'f:spec': { 'f:mode': {} } } },
    ]);
  });

  test('two managers may own one value, and then neither can change it alone', async () => {
    await apply('one', 'shared', { mode: 'Fast' });
    expect((await apply('two', 'shared', { mode: 'Fast' })).code).toBe(200);
    expect((await apply('one', 'shared', { mode: 'Slow' })).body['message']).toBe(
      'Apply failed with 1 conflict: conflict with "two": .spec.mode',
    );
  });

  test('a field that its only manager leaves out goes; what another owns stays', async () => {
    await apply('one', 'd', {
      mode: 'Fast',
      label: 'x',
      tags: ['a', 'b'],
      ports: [{ number: 1 }, { number: 2 }],
    });
    await apply('two', 'd', { mode: 'Fast', tags: ['b', 'c'], ports: [{ number: 2 }, { number: 3 }] });
    const { body } = await apply('one', 'd', { mode: 'Fast' });
    expect(body['spec']).toEqual({
      mode: 'Fast',
      replicas: 1,
      nested: { inner: { size: 'M' } },
      tags: ['b', 'c'],
      ports: [
        { number: 2, protocol: 'TCP' },
        { number: 3, protocol: 'TCP' },
      ],
    });
  });

  test('an update takes fields over, and an apply then meets it as a conflict', async () => {
    const { client } = world();
    await apply('one', 'u', { mode: 'Fast' });
    await client.must(`PATCH ${gadgets()}/u?fieldManager=hand`, {
      body: { spec: { mode: 'Slow' } },
      type: 'application/merge-patch+json',
    });
    expect((await apply('one', 'u', { mode: 'Fast' })).body['message']).toBe(
      `Apply failed with 1 conflict: conflict with "hand" using ${group}/v1: .spec.mode`,
    );
  });

  test('a dry run answers and leaves no trace', async () => {
    const { client } = world();
    const tried = await apply('one', 'dry', { mode: 'Fast' }, '&dryRun=All');
    expect([tried.code, at(tried.body, 'spec', 'replicas')]).toEqual([201, 1]);
    expect((await client.send(`GET ${gadgets()}/dry`)).code).toBe(404);
  });

  test('what the schema does not declare is refused, and so is an apply without a manager', async () => {
    const undeclared = await apply('one', 'bad', { mode: 'Fast', colour: 'red' });
    expect([undeclared.code, undeclared.body['message']]).toEqual([
      500,
      `failed to create typed patch object (/bad; ${group}/v1, Kind=Gadget): .spec.colour: field not declared in schema`,
    ]);
    const nameless = await apply('', 'bad', { mode: 'Fast' });
    expect([nameless.code, nameless.body['message']]).toEqual([
      422,
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    ]);
  });

  test('status has its own door and its own owner', async () => {
    const { client } = world();
    await apply('one', 's', { mode: 'Fast' });
    const status = { conditions: [{ type: 'Ready', status: 'True' }] };
    const said = await client.apply(`${gadgets()}/s/status`, 'judge', {
      ...gadget('s', { mode: 'Slow' }),
      status,
    });
    expect([said.code, at(said.body, 'spec', 'mode'), said.body['status']]).toEqual([200, 'Fast', status]);
    const doors = listAt(said.body, 'metadata', 'managedFields').map((entry) => [
      at(entry, 'manager'),
      at(entry, 'subresource'),
    ]);
    expect(Object.fromEntries(doors)).toEqual({ one: undefined, judge: 'status' });
  });

  test('a version is a condition at every door, and a uid at none that is for status', async () => {
    const { client } = world();
    await apply('one', 'v', { mode: 'Fast' });
    const told = async (door: string, metadata: object): Promise<unknown> => {
      const { code, body } = await client.apply(`${gadgets()}/v${door}`, 'judge', {
        apiVersion: `${group}/v1`,
        kind: 'Gadget',
        metadata: { name: 'v', ...metadata },
        ...(door === '' ? { spec: { mode: 'Fast' } } : { status: { conditions: [] } }),
      });
      return [code, code === 200 ? '' : body['message']];
    };
    const isOld = `Operation cannot be fulfilled on gadgets.${group} "v": the object has been modified; please apply your changes to the latest version and try again`;
    const isFixed = 'Gadget.GROUP "v" is invalid: metadata.uid: Invalid value: "other": field is immutable';
    expect(await told('', { resourceVersion: '1' })).toEqual([409, isOld]);
    expect(await told('/status', { resourceVersion: '1' })).toEqual([409, isOld]);
    expect(await told('', { uid: 'other' })).toEqual([422, isFixed.replace('GROUP', group)]);
    expect(await told('/status', { uid: 'other' })).toEqual([200, '']);
  });

  test('lists of built-in kinds merge by their keys', async () => {
    const { client, path } = world();
    const container = { name: 'c', image: 'x:1' };
    const deployment = (spec: object): object => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec,
    });
    const url = `${path('deployments', 'apps/v1')}/web`;
    await client.apply(
      url,
      'one',
      deployment({
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: {
            containers: [{ ...container, env: [{ name: 'A', value: '1' }], ports: [{ containerPort: 80 }] }],
          },
        },
      }),
    );
    const { code, body } = await client.apply(
      url,
      'two',
      deployment({
        template: {
          spec: {
            containers: [
              {
                name: 'c',
                env: [{ name: 'B', value: '2' }],
                ports: [{ containerPort: 80, protocol: 'UDP' }],
              },
            ],
          },
        },
      }),
    );
    const [first] = listAt(body, 'spec', 'template', 'spec', 'containers');
    expect([code, at(first, 'image'), at(first, 'env'), at(first, 'ports')]).toEqual([
      200,
      'x:1',
      [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
      [
        { containerPort: 80, protocol: 'TCP' },
        { containerPort: 80, protocol: 'UDP' },
      ],
    ]);
  });
});

function ownersOf(object: JsonObject): readonly object[] {
  const owners = listAt(object, 'metadata', 'managedFields').map((entry) => ({
    manager: String(at(entry, 'manager')),
    operation: at(entry, 'operation'),
    fields: at(entry, 'fieldsV1'),
  }));
  // The server sorts by the second of the write.
  return owners.toSorted((a, b) => (a.manager < b.manager ? -1 : 1));
}
