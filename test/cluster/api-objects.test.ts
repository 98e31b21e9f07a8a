import { expect, test } from 'vitest';
import { at, listAt, objectAt } from './api-json.ts';
import { gadgetCrd, installGadgets, onEachTarget } from './api-world.ts';

const group = 'objects.example.com';

onEachTarget((world) => {
  test('a Service gets an address of its network and what it left open', async () => {
    const { client, path } = world();
    const make = async (name: string, spec: object): Promise<unknown> =>
      at(await client.must(`POST ${path('services')}`, { body: { metadata: { name }, spec } }), 'spec');
    const spec = await make('web', { selector: { app: 'web' }, ports: [{ port: 80 }] });
    const { clusterIP, clusterIPs, ...rest } = objectAt(spec);
    expect(clusterIP).toMatch(/^172\.30\./);
    expect([clusterIPs, rest]).toEqual([
      [clusterIP],
      {
        internalTrafficPolicy: 'Cluster',
        ipFamilies: ['IPv4'],
        ipFamilyPolicy: 'SingleStack',
        ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
        selector: { app: 'web' },
        sessionAffinity: 'None',
        type: 'ClusterIP',
      },
    ]);
    const six = await make('six', { ipFamilies: ['IPv6'], ports: [{ port: 80 }] });
    expect(String(at(six, 'clusterIP'))).toMatch(/^fd30::/);
    const both = await make('both', { ipFamilyPolicy: 'PreferDualStack', ports: [{ port: 80 }] });
    expect([listAt(both, 'clusterIPs').length, at(both, 'ipFamilies')]).toEqual([2, ['IPv4', 'IPv6']]);
    const single = await client.must(`PATCH ${path('services')}/both`, {
      body: { spec: { ipFamilyPolicy: 'SingleStack' } },
      type: 'application/merge-patch+json',
    });
    expect([at(single, 'spec', 'clusterIPs'), at(single, 'spec', 'ipFamilies')]).toEqual([
      [at(both, 'clusterIP')],
      ['IPv4'],
    ]);
    const moved = await client.send(`PATCH ${path('services')}/web`, {
      body: { spec: { clusterIP: '172.30.200.200' } },
      type: 'application/merge-patch+json',
    });
    expect([moved.code, moved.body['message']]).toEqual([
      422,
      'Service "web" is invalid: spec.clusterIPs[0]: Invalid value: ["172.30.200.200"]: may not change once set',
    ]);
  });

  test('a limit without a request is the request of a pod, and of no template', async () => {
    const { client, path } = world();
    const resources = { limits: { cpu: '1', memory: '128Mi' }, requests: { cpu: '100m' } };
    const spec = { containers: [{ name: 'c', image: 'x', resources }] };
    const pod = await client.must(`POST ${path('pods')}`, { body: { metadata: { name: 'limited' }, spec } });
    expect(at(listAt(pod, 'spec', 'containers')[0], 'resources')).toEqual({
      limits: resources.limits,
      requests: { cpu: '100m', memory: '128Mi' },
    });
    const labels = { app: 'limited' };
    const deploymentOf = (containers: object) => ({
      metadata: { name: 'limited' },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: containers } },
    });
    const url = path('deployments', 'apps/v1');
    const made = await client.must(`POST ${url}`, { body: deploymentOf(spec) });
    expect(at(listAt(made, 'spec', 'template', 'spec', 'containers')[0], 'resources')).toEqual(resources);
    const tooMuch = { limits: { cpu: '1' }, requests: { cpu: '1001m' } };
    const refused = await client.send(`PUT ${url}/limited`, {
      body: deploymentOf({ containers: [{ name: 'c', image: 'x', resources: tooMuch }] }),
    });
    expect([refused.code, refused.body['message']]).toEqual([
      422,
      'Deployment.apps "limited" is invalid: spec.template.spec.containers[0].resources.requests: Invalid value: "1001m": must be less than or equal to cpu limit of 1',
    ]);
  });

  test('a pod of a priority that nobody has defined is refused', async () => {
    const { client, path } = world();
    const spec = { priorityClassName: 'nope', containers: [{ name: 'c', image: 'x' }] };
    const refused = await client.send(`POST ${path('pods')}`, {
      body: { metadata: { name: 'urgent' }, spec },
    });
    expect([refused.code, refused.body['message']]).toEqual([
      403,
      'pods "urgent" is forbidden: no PriorityClass with name nope was found',
    ]);
  });

  test('a Deployment is completed, counts its changes and scales', async () => {
    const { client, path } = world();
    const url = path('deployments', 'apps/v1');
    const made = await client.must(`POST ${url}`, {
      body: {
        metadata: { name: 'web' },
        spec: {
          selector: { matchLabels: { app: 'web' } },
          template: {
            metadata: { labels: { app: 'web' } },
            spec: { containers: [{ name: 'c', image: 'x', ports: [{ containerPort: 80 }] }] },
          },
        },
      },
    });
    expect([at(made, 'spec'), at(made, 'status'), at(made, 'metadata', 'generation')]).toEqual([
      {
        progressDeadlineSeconds: 600,
        replicas: 1,
        revisionHistoryLimit: 10,
        selector: { matchLabels: { app: 'web' } },
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: {
            containers: [
              {
                name: 'c',
                image: 'x',
                imagePullPolicy: 'Always',
                ports: [{ containerPort: 80, protocol: 'TCP' }],
                resources: {},
                terminationMessagePath: '/dev/termination-log',
                terminationMessagePolicy: 'File',
              },
            ],
            dnsPolicy: 'ClusterFirst',
            restartPolicy: 'Always',
            schedulerName: 'default-scheduler',
            securityContext: {},
            terminationGracePeriodSeconds: 30,
          },
        },
      },
      {},
      1,
    ]);
    const scaled = await client.must(`PATCH ${url}/web/scale`, {
      body: { spec: { replicas: 3 } },
      type: 'application/merge-patch+json',
    });
    expect([scaled['kind'], scaled['spec'], scaled['status']]).toEqual([
      'Scale',
      { replicas: 3 },
      { replicas: 0, selector: 'app=web' },
    ]);
    await client.must(`PATCH ${url}/web/status`, {
      body: { spec: { replicas: 9 }, status: { replicas: 2 } },
      type: 'application/merge-patch+json',
    });
    const now = await client.must(`GET ${url}/web`);
    expect([at(now, 'spec', 'replicas'), at(now, 'status'), at(now, 'metadata', 'generation')]).toEqual([
      3,
      { replicas: 2 },
      2,
    ]);
  });

  test('a strategic merge patch meets list items by their key', async () => {
    const { client, path } = world();
    const containers = [
      {
        name: 'c',
        env: [
          { name: 'A', $patch: 'delete' },
          { name: 'B', value: '2' },
        ],
      },
      { name: 'd', image: 'y:1' },
    ];
    const url = path('deployments', 'apps/v1');
    await client.must(`PATCH ${url}/web`, {
      body: {
        spec: { template: { spec: { containers: [{ name: 'c', env: [{ name: 'A', value: '1' }] }] } } },
      },
      type: 'application/strategic-merge-patch+json',
    });
    const patched = await client.must(`PATCH ${url}/web`, {
      body: { spec: { template: { spec: { containers } } } },
      type: 'application/strategic-merge-patch+json',
    });
    const found = listAt(patched, 'spec', 'template', 'spec', 'containers').map((one) => [
      at(one, 'name'),
      at(one, 'image'),
      at(one, 'env'),
    ]);
    expect(found).toEqual([
      ['c', 'x', [{ name: 'B', value: '2' }]],
      ['d', 'y:1', undefined],
    ]);
  });

  test('a CRD is established and served, with its columns, and takes its objects along', async () => {
    const { client, path } = world();
    await installGadgets(client, group);
    const url = path('gadgets', `${group}/v1`);
    const made = await client.must(`POST ${url}`, {
      body: {
        apiVersion: `${group}/v1`,
        kind: 'Gadget',
        metadata: { generateName: 'g-' },
        spec: { mode: 'Fast', free: { any: [{ thing: 1 }] }, lost: 1 },
        status: { replicas: 5 },
      },
    });
    expect(String(at(made, 'metadata', 'name'))).toMatch(/^g-[a-z0-9]{5}$/);
    expect([made['spec'], made['status']]).toEqual([
      { mode: 'Fast', free: { any: [{ thing: 1 }] }, replicas: 1, nested: { inner: { size: 'M' } } },
      undefined,
    ]);
    const table = await client.must(`GET ${url}`, {
      headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
    });
    expect([
      listAt(table, 'columnDefinitions').map((column) => at(column, 'name')),
      listAt(listAt(table, 'rows')[0], 'cells').slice(1),
    ]).toEqual([
      ['Name', 'Mode', 'Ready'],
      ['Fast', null],
    ]);
    const resources = await client.must(`GET /apis/${group}/v1`);
    expect(listAt(resources, 'resources').map((one) => at(one, 'name'))).toEqual([
      'gadgets',
      'gadgets/status',
      'gadgets/scale',
    ]);
    const crd = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gadgets.${group}`;
    await client.must(`DELETE ${crd}`);
    const isGone = async (): Promise<boolean> => (await client.send(`GET ${url}`)).code === 404;
    await expect.poll(isGone, { timeout: 20_000 }).toBe(true);
    await client.must('POST /apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
      body: gadgetCrd(group),
    });
    const isBack = async (): Promise<number> => {
      const { code, body } = await client.send(`GET ${url}`);
      return code === 200 ? listAt(body, 'items').length : -1;
    };
    await expect.poll(isBack, { timeout: 20_000 }).toBe(0);
  });

  test('an event is one object in both of its groups', async () => {
    const { client, namespace, path } = world();
    await client.must(`POST ${path('events')}`, {
      body: {
        metadata: { name: 'ev' },
        involvedObject: { kind: 'Pod', namespace, name: 'web' },
        reason: 'Failed',
        message: 'no NIC',
        type: 'Warning',
        source: { component: 'kubelet' },
      },
    });
    const query = 'fieldSelector=involvedObject.name%3Dweb,type%3DWarning,reason!%3DOther';
    const listed = await client.must(`GET ${path('events')}?${query}`);
    expect(listAt(listed, 'items').map((item) => at(item, 'message'))).toEqual(['no NIC']);
    const other = await client.must(`GET ${path('events', 'events.k8s.io/v1')}/ev`);
    expect([other['note'], other['regarding'], at(other, 'deprecatedSource', 'component')]).toEqual([
      'no NIC',
      { kind: 'Pod', namespace, name: 'web' },
      'kubelet',
    ]);
  });
});
