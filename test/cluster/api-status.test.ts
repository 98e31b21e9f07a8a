import { expect, test } from 'vitest';
import type { Call } from './api-client.ts';
import { gadgetCrd, installGadgets, onEachTarget } from './api-world.ts';

const group = 'status.example.com';

onEachTarget((world) => {
  /** What a failed request is told: code, reason and message, the namespace written as NS. */
  async function check(request: string, call: Call, told: readonly [number, string, string]): Promise<void> {
    const { client, namespace } = world();
    const { code, body } = await client.send(request.replaceAll('NS', namespace), call);
    const message = String(body['message']).replaceAll(namespace, 'NS');
    expect([code, body['reason'], message]).toEqual(told);
  }
  const configMaps = '/api/v1/namespaces/NS/configmaps';
  const deployments = '/apis/apps/v1/namespaces/NS/deployments';
  const gadgets = `/apis/${group}/v1/namespaces/NS/gadgets`;
  const gadget = (name: string, spec: object): object => ({
    apiVersion: `${group}/v1`,
    kind: 'Gadget',
    metadata: { name },
    spec,
  });

  test('what is missing is named', async () => {
    await check('GET /api/v1/namespaces/NS/pods/web', {}, [404, 'NotFound', 'pods "web" not found']);
    await check(`GET ${deployments}/web`, {}, [404, 'NotFound', 'deployments.apps "web" not found']);
    await check('GET /api/v1/namespaces/NS/nothings', {}, [
      404,
      'NotFound',
      'the server could not find the requested resource',
    ]);
    await check('POST /api/v1/namespaces/nowhere/configmaps', { body: { metadata: { name: 'a' } } }, [
      404,
      'NotFound',
      'namespaces "nowhere" not found',
    ]);
    const page = await world().client.send('GET /apis/nothing.example.com/v1/things');
    expect([page.code, page.text]).toEqual([404, '404 page not found\n']);
  });

  test('a conflict says what to do', async () => {
    const { client, namespace } = world();
    const here = configMaps.replace('NS', namespace);
    await client.must(`POST ${here}`, { body: { metadata: { name: 'taken' } } });
    await check(`POST ${configMaps}`, { body: { metadata: { name: 'taken' } } }, [
      409,
      'AlreadyExists',
      'configmaps "taken" already exists',
    ]);
    await check(`PUT ${configMaps}/taken`, { body: { metadata: { name: 'taken', resourceVersion: '1' } } }, [
      409,
      'Conflict',
      'Operation cannot be fulfilled on configmaps "taken": the object has been modified; please apply your ' +
        'changes to the latest version and try again',
    ]);
    const stale = { preconditions: { uid: 'other' } };
    const refused = await client.send(`DELETE ${here}/taken`, { body: stale });
    expect([refused.code, refused.body['reason']]).toEqual([409, 'Conflict']);
  });

  test('a request that cannot be read is refused as such', async () => {
    const { client, namespace } = world();
    await check(`POST ${configMaps}`, { body: { metadata: { name: 'n', namespace: 'other' } } }, [
      400,
      'BadRequest',
      'the namespace of the provided object does not match the namespace sent on the request',
    ]);
    await check(`POST ${configMaps}`, { body: { metadata: { name: 'n' }, data: { a: 1 } } }, [
      400,
      'BadRequest',
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go ' +
        'struct field ConfigMap.data of type string',
    ]);
    await check(
      `POST ${configMaps}?fieldValidation=Strict`,
      { body: { metadata: { name: 'n' }, dota: {} } },
      [
        400,
        'BadRequest',
        'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "dota"',
      ],
    );
    const patch = { body: { data: {} }, type: 'application/json' };
    const text = await client.send(`PATCH ${configMaps.replace('NS', namespace)}/taken`, patch);
    expect([text.code, text.body['reason']]).toEqual([415, 'UnsupportedMediaType']);
    await check('DELETE /api/v1/pods', {}, [
      405,
      'MethodNotAllowed',
      'the server does not allow this method on the requested resource',
    ]);
    await check(`GET ${configMaps}?fieldSelector=data=x`, {}, [
      400,
      'BadRequest',
      '"data" is not a known field selector: only "metadata.name", "metadata.namespace"',
    ]);
  });

  test('unknown fields are dropped with a warning', async () => {
    const { client, namespace } = world();
    const { code, body, headers } = await client.send(`POST ${configMaps.replace('NS', namespace)}`, {
      body: { metadata: { name: 'warned' }, dota: { a: 'b' } },
    });
    expect([code, body['dota'], headers['warning']]).toEqual([
      201,
      undefined,
      '299 - "unknown field \\"dota\\""',
    ]);
  });

  test('an invalid object is told each fault with its field', async () => {
    const { client } = world();
    await installGadgets(client, group);
    await check(`POST ${gadgets}`, { body: gadget('a', { mode: 'Bad' }) }, [
      422,
      'Invalid',
      `Gadget.${group} "a" is invalid: spec.mode: Unsupported value: "Bad": supported values: "Fast", "Slow"`,
    ]);
    await check(`POST ${gadgets}`, { body: gadget('a', {}) }, [
      422,
      'Invalid',
      `Gadget.${group} "a" is invalid: spec.mode: Required value`,
    ]);
    await check(`POST ${gadgets}`, { body: gadget('a', { mode: 'Fast', label: 'A1' }) }, [
      422,
      'Invalid',
      `Gadget.${group} "a" is invalid: spec.label: Invalid value: "A1": spec.label in body should match '^[a-z]+$'`,
    ]);
    await check(`POST ${gadgets}`, { body: gadget('a', { mode: 'Fast', replicas: 9 }) }, [
      422,
      'Invalid',
      `Gadget.${group} "a" is invalid: spec.replicas: Invalid value: 9: spec.replicas in body should be less ` +
        'than or equal to 5',
    ]);
    await check(`POST ${gadgets}`, { body: gadget('a', { mode: 'Fast', address: 'x' }) }, [
      422,
      'Invalid',
      `Gadget.${group} "a" is invalid: spec.address: Invalid value: "x": spec.address in body must be of type ` +
        'ipv4: "x"',
    ]);
    await check(`POST ${gadgets}`, { body: gadget('a', { mode: 'Fast', tags: ['x', 'x'] }) }, [
      422,
      'Invalid',
      `Gadget.${group} "a" is invalid: spec.tags[1]: Duplicate value: "x"`,
    ]);
    await check(
      `POST ${gadgets}`,
      { body: gadget('a', { mode: 'Fast', ports: [{ number: 1 }, { number: 1 }] }) },
      [
        422,
        'Invalid',
        `Gadget.${group} "a" is invalid: spec.ports[1]: Duplicate value: {"number":1,"protocol":"TCP"}`,
      ],
    );
    await check(`PUT ${gadgets}/a`, { body: gadget('a', { mode: 'Fast' }) }, [
      404,
      'NotFound',
      `gadgets.${group} "a" not found`,
    ]);
    const services = '/api/v1/namespaces/NS/services';
    await check(
      `POST ${services}`,
      { body: { metadata: { name: 's' }, spec: { ports: [{ port: 80 }, { port: 81 }] } } },
      [
        422,
        'Invalid',
        'Service "s" is invalid: [spec.ports[0].name: Required value, spec.ports[1].name: Required value]',
      ],
    );
    await check(`POST ${deployments}`, { body: { metadata: { name: 'd' }, spec: { template: {} } } }, [
      422,
      'Invalid',
      'Deployment.apps "d" is invalid: [spec.selector: Required value, spec.template.metadata.labels: Invalid ' +
        'value: null: `selector` does not match template `labels`, spec.template.spec.containers: Required value]',
    ]);
    await check(
      'POST /apis/apiextensions.k8s.io/v1/customresourcedefinitions',
      { body: { ...gadgetCrd(group), metadata: { name: 'wrong' } } },
      [
        422,
        'Invalid',
        'CustomResourceDefinition.apiextensions.k8s.io "wrong" is invalid: metadata.name: Invalid value: "wrong": ' +
          'must be spec.names.plural+"."+spec.group',
      ],
    );
  });

  test('causes carry the field for programs', async () => {
    const { client, namespace } = world();
    const { body } = await client.send(`POST ${gadgets.replace('NS', namespace)}`, {
      body: gadget('a', { mode: 'Bad' }),
    });
    expect(body['details']).toEqual({
      name: 'a',
      group,
      kind: 'Gadget',
      causes: [
        {
          reason: 'FieldValueNotSupported',
          message: 'Unsupported value: "Bad": supported values: "Fast", "Slow"',
          field: 'spec.mode',
        },
      ],
    });
  });
});
