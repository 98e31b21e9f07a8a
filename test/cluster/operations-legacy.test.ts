import { afterAll, beforeAll, expect, test } from 'vitest';
import { kinds } from '#cluster/kinds.ts';
import { createObject } from '#cluster/objects.ts';
import { listLegacyRouters, readLegacyObjects } from '#cluster/operations/legacy.ts';
import { legacyRoutersIn } from '#core/legacy/detect.ts';
import { planMigration } from '#core/legacy/migrate/migrate.ts';
import { surroundingsOf } from '#core/legacy/migrate/surroundings.ts';
import { readLegacyRouter } from '#core/legacy/parse.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import { openWorld, signal, type World } from './operations-world.ts';
import { availableTargets, startTarget } from './target.ts';

const labels = { app: 'egress-1' };
const pod = {
  metadata: { labels, annotations: { 'pod.network.openshift.io/assign-macvlan': 'eth1' } },
  spec: {
    containers: [
      {
        name: 'router',
        image: 'registry.example/openshift/origin-egress-router',
        securityContext: { privileged: true },
        env: [
          { name: 'EGRESS_SOURCE', value: '192.168.12.99/24' },
          { name: 'EGRESS_GATEWAY', value: '192.168.12.1' },
          { name: 'EGRESS_ROUTER_MODE', value: 'init' },
          {
            name: 'EGRESS_DESTINATION',
            valueFrom: { configMapKeyRef: { name: 'egress-routes', key: 'destinations' } },
          },
        ],
      },
    ],
    nodeSelector: { site: 'one' },
  },
};
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'egress-1', labels },
  spec: { replicas: 1, selector: { matchLabels: labels }, template: pod },
};
const replicationController = {
  apiVersion: 'v1',
  kind: 'ReplicationController',
  metadata: { name: 'egress-2' },
  spec: { replicas: 1, selector: labels, template: pod },
};
const configMap = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'egress-routes' },
  data: { destinations: '# partners\n80 tcp 203.0.113.25\n8443 tcp 203.0.113.26 443\n' },
};
const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'partners' },
  spec: { selector: labels, ports: [{ name: 'http', port: 80 }], sessionAffinity: 'ClientIP' },
};
const ofAnother = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web' }] } },
  },
};

for (const target of availableTargets()) {
  let api: Awaited<ReturnType<typeof startTarget>>;
  beforeAll(async () => {
    api = await startTarget(target);
  });
  afterAll(() => api.close());

  test(`${target}: routers of OpenShift SDN are listed by their annotation, with their address`, async () => {
    await using world = await openWorld(api.kubeconfig);
    await create(world, kinds.deployment, deployment);
    // The sandbox serves none.
    const controllers = target === 'real' ? [replicationController] : [];
    for (const object of controllers) await create(world, kinds.replicationController, object);
    await create(world, kinds.deployment, ofAnother);
    const found = (await listLegacyRouters(world.connection, signal)).filter(
      ({ object }) => object.namespace === world.namespace,
    );
    expect(found.map(({ object, source }) => [object.kind, object.name, source])).toEqual([
      ['Deployment', 'egress-1', '192.168.12.99/24'],
      ...controllers.map(({ kind, metadata }) => [kind, metadata.name, '192.168.12.99/24']),
    ]);
  });

  test(`${target}: whoever may see one namespace only is told of the routers there`, async () => {
    await using world = await openWorld(api.kubeconfig);
    await create(world, kinds.deployment, deployment);
    const connection = await world.connectAs([
      { apiGroups: ['', 'apps'], resources: ['*'], verbs: ['get', 'list'] },
    ]);
    const found = await listLegacyRouters(connection, signal);
    expect(found.map(({ object }) => object.name)).toEqual(['egress-1']);
  });

  test(`${target}: one is read with its ConfigMap and its Service, and becomes an EgressRouter with each loss told`, async () => {
    await using world = await openWorld(api.kubeconfig);
    await create(world, kinds.deployment, deployment);
    await create(world, kinds.configMap, configMap);
    await create(world, kinds.service, service);
    const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: world.namespace, name: 'egress-1' };
    const objects = await readLegacyObjects(world.connection, ref, signal);
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'Deployment egress-1',
      'ConfigMap egress-routes',
      'Service partners',
    ]);
    expect(objects.every(({ metadata }) => !('uid' in metadata) && !('managedFields' in metadata))).toBe(
      true,
    );
    expect(objects.every((object) => !('status' in object))).toBe(true);
    const [first] = objects;
    const [place] = legacyRoutersIn(first);
    if (place === undefined) throw new Error('It is no router of OpenShift SDN anymore.');
    const migration = planMigration(readLegacyRouter(first, place), surroundingsOf(objects), {});
    expect(migration).toMatchObject({
      kind: 'migrated',
      objects: [
        {
          kind: 'EgressRouter',
          metadata: { namespace: world.namespace },
          spec: {
            networkInterface: { macvlan: { master: 'eth1' } },
            addresses: [{ ip: '192.168.12.99/24', gateway: '192.168.12.1' }],
            redirect: {
              redirectRules: [
                { port: 80, protocol: 'TCP', destinationIP: '203.0.113.25' },
                { port: 8443, protocol: 'TCP', destinationIP: '203.0.113.26', targetPort: 443 },
              ],
            },
          },
        },
        {
          kind: 'Service',
          metadata: { name: 'partners' },
          spec: { selector: { app: 'egress-router-cni' }, sessionAffinity: 'ClientIP' },
        },
      ],
    });
    expect(JSON.stringify(migration)).toMatch(/site/);
    expect(JSON.stringify(migration)).toMatch(/its clusterIP is left to the cluster/);
  });
}

async function create(
  { connection, namespace }: World,
  kind: (typeof kinds)[keyof typeof kinds],
  object: object,
): Promise<KubernetesObject> {
  if (!isJsonObject(object)) throw new Error('This is no object.');
  return createObject(connection, kind, object, { namespace, signal });
}
