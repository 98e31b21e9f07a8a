import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyObject } from '#cluster/apply.ts';
import { kinds } from '#cluster/kinds.ts';
import { deleteObject, getObject, patchObject } from '#cluster/objects.ts';
import { deploy, planDeploy } from '#cluster/operations/deploy.ts';
import { expose, planExpose } from '#cluster/operations/expose.ts';
import { planRestart } from '#cluster/operations/restart.ts';
import { readStatus } from '#cluster/operations/status.ts';
import { planTeardown, teardown } from '#cluster/operations/teardown.ts';
import type { KubernetesObject, OwnerReference } from '#core/manifest/object.ts';
import { documentedNames, namesOfFurther } from '#core/manifest/router-names.ts';
import { actAs, installCrds, openWorld, router, rule, signal, type World } from './operations-world.ts';
import { availableTargets, startSingleStackTarget, startSixFirstTarget, startTarget } from './target.ts';

const quiet = { signal, onProgress: () => undefined, wait: true, timeoutMs: 10_000 };

/** Applied, and not waited for: nothing acts on it here. */
async function deployed({ connection }: World, value: object): Promise<void> {
  const planned = await planDeploy(connection, [{ value, source: '#1' }], { signal });
  await deploy(connection, planned, { ...quiet, wait: false });
}

const sixRule = (port: number) => ({ ...rule(port), destinationIP: '2001:db8:c0de::25' });

function sixRouter(name: string, rules: readonly object[]): object {
  const one = router(name, '192.168.12.99/24', rules);
  const addresses = [...one.spec.addresses, { ip: 'fd00:12::99/64', gateway: 'fd00:12::1' }];
  return { ...one, spec: { ...one.spec, addresses } };
}

test('where Services have no IPv6 addresses, it is said instead of leading clients nowhere', async () => {
  const target = await startSingleStackTarget();
  try {
    await installCrds(target.kubeconfig);
    await using world = await openWorld(target.kubeconfig);
    await deployed(world, sixRouter('six', [sixRule(8080)]));
    const refused = await planExpose(world.connection, named(world, 'six'), { signal });
    expect(refused).toMatchObject({
      items: [],
      refused: `EgressRouter ${world.namespace}/six leads to IPv6 servers only, so clients have to call an IPv6 address, and this cluster gives Services none. Write rules with destinations of the family that its Services have, or use a cluster with IPv6 or dual-stack Services.`,
    });
    await deployed(world, sixRouter('both', [sixRule(8080), rule(8443)]));
    const both = await planExpose(world.connection, named(world, 'both'), { signal });
    expect(both.warnings).toEqual([
      expect.stringContaining(`The Service has no IPv6 address, so no client reaches the rules of`),
    ]);
    expect((await expose(world.connection, both, quiet)).addresses).toEqual([
      expect.stringMatching(/^172\.30\./),
    ]);
  } finally {
    await target.close();
  }
});

test('where IPv6 comes first, the Service of a router to IPv4 servers has an address of each family', async () => {
  const target = await startSixFirstTarget();
  try {
    await installCrds(target.kubeconfig);
    await using world = await openWorld(target.kubeconfig);
    await deployed(world, router('four'));
    const plan = await planExpose(world.connection, named(world, 'four'), { signal });
    expect(plan.warnings).toEqual([]);
    expect((await expose(world.connection, plan, quiet)).addresses).toEqual([
      expect.stringMatching(/^172\.30\./),
    ]);
    const again = await planExpose(world.connection, named(world, 'four'), { signal });
    expect(again.items.map((item) => item.kind)).toEqual(['unchanged']);
  } finally {
    await target.close();
  }
});

for (const kind of availableTargets()) {
  let target: Awaited<ReturnType<typeof startTarget>>;
  beforeAll(async () => {
    target = await startTarget(kind);
    await installCrds(target.kubeconfig);
  });
  afterAll(() => target.close());
  const open = (): Promise<World> => openWorld(target.kubeconfig);

  test(`${kind}: a Service follows the rules and belongs to the router`, async () => {
    await using world = await open();
    await deployed(world, router('a'));
    const first = await planExpose(world.connection, named(world, 'a'), { signal });
    expect(first.items.map((item) => item.kind)).toEqual(['create']);
    const exposed = await expose(world.connection, first, quiet);
    expect(exposed.ports).toEqual([{ name: 'tcp-8080', protocol: 'TCP', port: 8080 }]);
    expect(exposed.addresses).toEqual([expect.stringMatching(/^[0-9a-f.:]+$/)]);
    await deployed(world, router('a', '192.168.12.99/24', [rule(8443)]));
    const second = await planExpose(world.connection, named(world, 'a'), { signal });
    expect(second.items.map((item) => item.kind)).toEqual(['change']);
    expect((await expose(world.connection, second, quiet)).ports.map(({ name }) => name)).toEqual([
      'tcp-8443',
    ]);
    const third = await planExpose(world.connection, named(world, 'a'), { signal });
    expect(third.items.map((item) => item.kind)).toEqual(['unchanged']);
    const live = await getObject(world.connection, kinds.egressRouter, named(world, 'a'), signal);
    const service = await getObject(world.connection, kinds.service, named(world, 'a'), signal);
    expect(service.metadata.ownerReferences).toEqual([
      { apiVersion: live.apiVersion, kind: live.kind, name: 'a', uid: live.metadata.uid },
    ]);
  });

  test(`${kind}: a router whose spec is refused is not exposed by rules that are not in force`, async () => {
    await using world = await open();
    await deployed(world, router('a'));
    await expose(world.connection, await planExpose(world.connection, named(world, 'a'), { signal }), quiet);
    const redirectRules = [rule(8095), { ...rule(8095), destinationIP: '203.0.113.26' }];
    const patch = { spec: { redirect: { redirectRules } } };
    await patchObject(world.connection, kinds.egressRouter, named(world, 'a'), patch, signal);
    const plan = await planExpose(world.connection, named(world, 'a'), { signal });
    expect(plan).toMatchObject({
      items: [],
      refused: `EgressRouter ${world.namespace}/a has errors. TCP port 8095 already has a rule (entry 1), and this one says otherwise: remove one of the two, or change its port. Correct and deploy it first.`,
    });
    await expect(expose(world.connection, plan, quiet)).rejects.toMatchObject({ reason: 'refused' });
  });

  // One that begins with a digit is refused by older versions of Kubernetes, in the same words.
  test.each(['a.b', `a${'-b'.repeat(40)}`])(
    `${kind}: a router whose name its Service cannot have: %s`,
    async (name) => {
      await using world = await open();
      await deployed(world, router(name));
      const { items, refused } = await planExpose(world.connection, named(world, name), { signal });
      expect(items).toEqual([]);
      expect(refused).toMatch(
        new RegExp(
          `^The Service of EgressRouter ${world.namespace}/${name} would bear its name, .* with the selector app=egress-router-cni`,
        ),
      );
    },
  );

  test(`${kind}: beside somebody's port that is named like that of a new rule, ours has another name`, async () => {
    await using world = await open();
    await deployed(world, router('a'));
    await expose(world.connection, await planExpose(world.connection, named(world, 'a'), { signal }), quiet);
    const theirs = { name: 'tcp-8443', protocol: 'TCP', port: 9443, targetPort: 9443 };
    const { apiVersion, kind: called } = kinds.service;
    const service = { apiVersion, kind: called, metadata: { name: 'a', namespace: world.namespace } };
    const applied = { ...service, spec: { ports: [theirs] } };
    await applyObject(world.connection, applied, { fieldManager: 'somebody', signal });
    await deployed(world, router('a', '192.168.12.99/24', [rule(8080), rule(8443)]));
    const plan = await planExpose(world.connection, named(world, 'a'), { signal });
    const { ports } = await expose(world.connection, plan, quiet);
    expect(ports.map(({ name, port }) => `${name} ${port}`).toSorted()).toEqual([
      'tcp-8080 8080',
      'tcp-8443-a 8443',
    ]);
    const made = await getObject(world.connection, kinds.service, named(world, 'a'), signal);
    expect(made).toMatchObject({ spec: { ports: expect.arrayContaining([theirs]) } });
    const again = await planExpose(world.connection, named(world, 'a'), { signal });
    expect(again.items.map((item) => item.kind)).toEqual(['unchanged']);
  });

  test(`${kind}: a router that has failed, and one that is being deleted`, async () => {
    await using world = await open();
    await deployed(world, router('a'));
    const place = named(world, 'a');
    const message = 'Pod a-1 has no network: enp9s9 is not there.';
    const patch = (metadata: object) =>
      patchObject(world.connection, kinds.egressRouter, place, { metadata }, signal);
    await actAs.conditions(world, 'a', message);
    const failed = await planExpose(world.connection, place, { signal });
    expect(failed.items.map((item) => item.kind)).toEqual(['create']);
    expect(failed.warnings).toEqual([`The router is not up, so nobody answers its clients yet. ${message}`]);
    await patch({ finalizers: ['example.com/stuck'] });
    await deleteObject(world.connection, kinds.egressRouter, place, { signal });
    const held =
      'Finalizers hold it: example.com/stuck. Whatever put them there has to take them off: see whether it runs.';
    const called = `EgressRouter ${world.namespace}/a is being deleted`;
    expect(await planExpose(world.connection, place, { signal })).toMatchObject({
      items: [],
      refused: `${called}, and a Service of it would go with it. Deploy it anew when it is gone, and expose it then. ${held}`,
    });
    await expect(planRestart(world.connection, place, signal)).rejects.toMatchObject({
      reason: 'refused',
      message: `${called} and has no Deployment any more, so there is no pod to restart. ${held}`,
    });
    await patch({ finalizers: null });
  });

  test(`${kind}: a Service has addresses of the families that the rules lead to`, async () => {
    await using world = await open();
    await deployed(world, sixRouter('six', [sixRule(8080)]));
    const plan = await planExpose(world.connection, named(world, 'six'), { signal });
    expect(plan.warnings).toEqual([]);
    expect((await expose(world.connection, plan, quiet)).addresses).toEqual([expect.stringContaining(':')]);
    const live = (name: string) => getObject(world.connection, kinds.service, named(world, name), signal);
    expect(await live('six')).toMatchObject({
      spec: { ipFamilies: ['IPv6'], ipFamilyPolicy: 'SingleStack' },
    });
    const again = await planExpose(world.connection, named(world, 'six'), { signal });
    expect(again.items.map((item) => item.kind)).toEqual(['unchanged']);
    await deployed(world, sixRouter('both', [sixRule(8080), rule(8443)]));
    const both = await expose(
      world.connection,
      await planExpose(world.connection, named(world, 'both'), { signal }),
      quiet,
    );
    expect(both.addresses).toEqual([expect.stringContaining('.'), expect.stringContaining(':')]);
    expect(await live('both')).toMatchObject({ spec: { ipFamilies: ['IPv4', 'IPv6'] } });
    // One that was made before its rules led to IPv6 keeps its first family.
    await deployed(world, sixRouter('grown', [rule(8080)]));
    await expose(
      world.connection,
      await planExpose(world.connection, named(world, 'grown'), { signal }),
      quiet,
    );
    await deployed(world, sixRouter('grown', [sixRule(8080)]));
    const grown = await planExpose(world.connection, named(world, 'grown'), { signal });
    expect(grown.items.map((item) => item.kind)).toEqual(['change']);
    expect((await expose(world.connection, grown, quiet)).addresses).toEqual([expect.stringContaining(':')]);
    expect(await live('grown')).toMatchObject({ spec: { ipFamilies: ['IPv4', 'IPv6'] } });
  });

  test(`${kind}: a Service gives back the family that no rule has any more, unless it is its first one`, async () => {
    await using world = await open();
    const exposed = async (first: object, ...more: readonly object[]): Promise<readonly string[]> => {
      await deployed(world, sixRouter('a', [first, ...more]));
      const { items, warnings } = await planExpose(world.connection, named(world, 'a'), { signal });
      expect(items.map((item) => item.kind)).toEqual([items[0]?.kind === 'create' ? 'create' : 'change']);
      await expose(world.connection, { router: named(world, 'a'), items, warnings }, quiet);
      const again = await planExpose(world.connection, named(world, 'a'), { signal });
      expect(again.items.map((item) => item.kind)).toEqual(['unchanged']);
      return warnings;
    };
    const live = () => getObject(world.connection, kinds.service, named(world, 'a'), signal);
    const steps = async () => {
      const { routers } = await readStatus(
        world.connection,
        { namespace: world.namespace, name: 'a' },
        signal,
      );
      return routers.flatMap(({ services }) => services.flatMap(({ outOfStep = [] }) => outOfStep));
    };
    expect(await exposed(rule(8080), sixRule(8443))).toEqual([]);
    const { clusterIP } = Object((await live())['spec']);
    await deployed(world, sixRouter('a', [rule(8080)]));
    expect(await steps()).toContainEqual(
      'Clients are refused at the IPv6 address of the Service, as the router leads to no IPv6 server any more. Expose the router again, which gives that address back.',
    );
    expect(await exposed(rule(8080))).toEqual([]);
    const single = { ipFamilyPolicy: 'SingleStack', ipFamilies: ['IPv4'] };
    expect(await live()).toMatchObject({ spec: { ...single, clusterIP, clusterIPs: [clusterIP] } });
    expect(await steps()).toEqual([]);
    expect(await exposed(rule(8080), sixRule(8443))).toEqual([]);
    const both = { ipFamilies: ['IPv4', 'IPv6'], clusterIP };
    expect(await live()).toMatchObject({ spec: both });
    const refused = [
      'Clients are refused at the IPv4 address of the Service, as the router leads to IPv6 servers only. Expose leaves the address, as the first family of a Service stays: delete the Service, and expose the router again where the operator does not do so. Its IPv6 address is another one then.',
    ];
    expect(await exposed(sixRule(8443))).toEqual(refused);
    expect(await live()).toMatchObject({ spec: both });
    expect(await steps()).toEqual(refused);
    await deleteObject(world.connection, kinds.service, named(world, 'a'), { signal });
    expect(await exposed(sixRule(8443))).toEqual([]);
    expect(await exposed(sixRule(8443), rule(8080))).toEqual([]);
    expect(await live()).toMatchObject({ spec: { ipFamilies: ['IPv6', 'IPv4'] } });
    expect(await exposed(sixRule(8443))).toEqual([]);
    expect(await live()).toMatchObject({ spec: { ipFamilyPolicy: 'SingleStack', ipFamilies: ['IPv6'] } });
    expect(await steps()).toEqual([]);
  });

  test(`${kind}: both families that somebody else wants of a Service stay`, async () => {
    await using world = await open();
    await deployed(world, router('a'));
    const { apiVersion, kind: called } = kinds.service;
    const service = { apiVersion, kind: called, metadata: { name: 'a', namespace: world.namespace } };
    const selector = { app: 'egress-router-cni' };
    const theirs = {
      ...service,
      spec: { ipFamilyPolicy: 'PreferDualStack', selector, ports: [{ port: 8080 }] },
    };
    await applyObject(world.connection, theirs, { fieldManager: 'somebody', signal });
    const plan = await planExpose(world.connection, named(world, 'a'), { signal });
    expect(plan.items.map((item) => item.kind)).not.toContain('conflict');
    await expose(world.connection, plan, quiet);
    const made = await getObject(world.connection, kinds.service, named(world, 'a'), signal);
    expect(made).toMatchObject({ spec: { ipFamilies: ['IPv4', 'IPv6'] } });
  });

  test(`${kind}: a Service that is not the router's stays as it is`, async () => {
    await using world = await open();
    await deployed(world, router('a'));
    await deployed(world, router('b'));
    const service = (name: string, selector: object, ownerReferences: readonly OwnerReference[]) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: world.namespace, ownerReferences },
      spec: { selector, ports: [{ port: 80 }] },
    });
    const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'some-uid' };
    const options = { fieldManager: 'x', signal };
    await applyObject(world.connection, service('a', { app: 'web' }, []), options);
    await applyObject(world.connection, service('b', { app: 'egress-router-cni' }, [owner]), options);
    const dead =
      'leads to no pod: its selector app: web selects none that is there. Select egress-router-tools/router: a instead, or delete it, and expose the router again.';
    const alone = await planExpose(world.connection, named(world, 'a'), { signal });
    expect(alone.refused).toBe(`Service ${world.namespace}/a exists already and ${dead}`);
    await madePod(world, 'web', { app: 'web' });
    for (const [name, why] of [
      ['a', 'leads to other pods'],
      ['b', 'belongs to Deployment web'],
    ] as const) {
      const planned = await planExpose(world.connection, named(world, name), { signal });
      expect(planned).toMatchObject({
        items: [],
        refused: `Service ${world.namespace}/${name} exists already and ${why}. Delete it, or give the router another name.`,
      });
      await expect(expose(world.connection, planned, quiet)).rejects.toMatchObject({ reason: 'refused' });
    }
  });

  test(`${kind}: a Service that leads to another router of the namespace is not taken over, but told of`, async () => {
    await using world = await open();
    await deployed(world, router('a'));
    await actAs.operator(world, 'a', 'h1');
    await deployed(world, router('b', '192.168.12.98/24'));
    await actAs.operator(world, 'b', 'h1', namesOfFurther('b'));
    const misled = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'b', namespace: world.namespace },
      spec: { selector: { app: 'egress-router-cni' }, ports: [{ port: 8080 }] },
    };
    await applyObject(world.connection, misled, { fieldManager: 'x', signal });
    const sentence = `The selector app: egress-router-cni of this Service selects the pods of the router ${world.namespace}/a: its clients leave by the address of that one. Select egress-router-tools/router: b instead.`;
    const planned = await planExpose(world.connection, named(world, 'b'), { signal });
    expect(planned.refused).toBe(
      `Service ${world.namespace}/b exists already and leads to other pods. ${sentence} Or delete it, and expose the router again.`,
    );
    const { routers } = await readStatus(world.connection, { namespace: world.namespace }, signal);
    expect(routers.map(({ services }) => services.map(({ outOfStep }) => outOfStep))).toEqual([
      [],
      [[sentence]],
    ]);
    const mended = { spec: { selector: { app: null, 'egress-router-tools/router': 'b' } } };
    await patchObject(world.connection, kinds.service, named(world, 'b'), mended, signal);
    const after = await readStatus(world.connection, named(world, 'b'), signal);
    expect(after.routers[0]?.services.map(({ outOfStep }) => outOfStep)).toEqual([undefined]);
  });

  test(`${kind}: a Service that selects the router by its own label is brought in step as it is`, async () => {
    await using world = await open();
    const label = 'egress-router-tools/router';
    const rules = [rule(8080), rule(8443)];
    await deployed(world, router('a', '192.168.12.99/24', rules));
    await deployed(world, router('b', '192.168.12.98/24', rules));
    await actAs.operator(world, 'a', 'h1');
    await actAs.operator(world, 'b', 'h1', namesOfFurther('b'));
    // The third has no pods yet.
    await deployed(world, router('c', '192.168.12.97/24', rules));
    for (const name of ['a', 'b', 'c']) {
      const service = {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name, namespace: world.namespace, labels: { app: 'web' } },
        spec: {
          type: 'NodePort',
          selector: { [label]: name },
          ports: [{ name: 'web', port: 80, targetPort: 8080 }],
        },
      };
      await applyObject(world.connection, service, { fieldManager: 'kubectl', signal });
      const planned = await planExpose(world.connection, named(world, name), { signal });
      expect(planned.refused).toBeUndefined();
      expect(planned.items.map((item) => item.kind)).toEqual(['change']);
      await expose(world.connection, planned, quiet);
      expect(await getObject(world.connection, kinds.service, named(world, name), signal)).toMatchObject({
        metadata: { labels: { app: 'web' }, ownerReferences: [{ kind: 'EgressRouter', name }] },
        spec: {
          type: 'NodePort',
          selector: { [label]: name },
          ports: [{ name: 'web', port: 80 }, { name: 'tcp-8443' }],
        },
      });
      const again = await planExpose(world.connection, named(world, name), { signal });
      expect(again.items.map((item) => item.kind)).toEqual(['unchanged']);
    }
  });

  test(`${kind}: a port without a name gets one, also where it is somebody else's and leads nowhere`, async () => {
    await using world = await open();
    const named80 = 'Port 80/TCP of the Service gets the name tcp-80: of several ports each must have one.';
    for (const [name, targetPort, warnings, calls] of [
      ['a', 8080, [named80], [80, 8443]],
      ['b', 9090, [expect.stringContaining('as kubectl wrote it'), named80], [8080, 8443]],
    ] as const) {
      const rules = [rule(8080), rule(8443)];
      await deployed(world, router(name, '192.168.12.99/24', rules));
      const service = {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name, namespace: world.namespace },
        spec: { selector: { 'egress-router-tools/router': name }, ports: [{ port: 80, targetPort }] },
      };
      await applyObject(world.connection, service, { fieldManager: 'kubectl', signal });
      const planned = await planExpose(world.connection, named(world, name), { signal });
      expect(planned.items).toMatchObject([{ kind: 'change' }]);
      expect(planned.warnings).toEqual(warnings);
      const { ports } = await expose(world.connection, planned, quiet);
      expect(ports.map(({ port }) => port)).toEqual(calls);
      const again = await planExpose(world.connection, named(world, name), { signal });
      expect(again.items.map((item) => item.kind)).toEqual(['unchanged']);
    }
  });

  test(`${kind}: a port that no rule serves goes where it is ours, and is told of where it is not`, async () => {
    await using world = await open();
    await deployed(world, router('a'));
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'a', namespace: world.namespace },
      spec: {
        selector: { app: 'egress-router-cni' },
        ports: [{ name: 'http', port: 80, targetPort: 9090 }],
      },
    };
    await applyObject(world.connection, service, { fieldManager: 'kubectl', signal });
    const planned = await planExpose(world.connection, named(world, 'a'), { signal });
    expect(planned.warnings).toEqual([
      `Port http (80/TCP) of the Service leads to no rule, so clients of it are refused, and expose leaves it, as kubectl wrote it. Take it out where that is done, or with kubectl edit service a -n ${world.namespace}.`,
    ]);
    expect(planned.unserved).toEqual([{ protocol: 'TCP', port: 80 }]);
    const { ports } = await expose(world.connection, planned, quiet);
    expect(ports.map(({ port }) => port)).toEqual([8080]);
    const removed = { spec: { ports: [{ name: 'tcp-8080', port: 8080 }] } };
    await patchObject(world.connection, kinds.service, named(world, 'a'), removed, signal);
    const again = await planExpose(world.connection, named(world, 'a'), { signal });
    expect([again.warnings, again.unserved]).toEqual([[], []]);
    await deployed(world, router('a', '192.168.12.99/24', [rule(8443)]));
    const ours = await planExpose(world.connection, named(world, 'a'), { signal });
    expect((await expose(world.connection, ours, quiet)).ports.map(({ port }) => port)).toContain(8443);
  });

  test(`${kind}: a router that only has a fallback is exposed by the port that a person names`, async () => {
    await using world = await open();
    const bare = router('a', '192.168.12.99/24', []);
    const withFallback = { ...bare, spec: { ...bare.spec, redirect: { fallbackIP: '203.0.113.25' } } };
    await deployed(world, withFallback);
    const planned = await planExpose(world.connection, named(world, 'a'), { signal });
    expect(planned).toMatchObject({
      needsPort: true,
      refused: expect.stringContaining('its fallback takes'),
    });
    await expect(expose(world.connection, planned, quiet)).rejects.toMatchObject({ reason: 'refused' });
    const ports = [{ port: 8443, protocol: 'TCP' }];
    const one = await planExpose(world.connection, named(world, 'a'), { signal, ports });
    expect((await expose(world.connection, one, quiet)).ports.map(({ name }) => name)).toEqual(['tcp-8443']);
    const again = await planExpose(world.connection, named(world, 'a'), { signal });
    expect(again.items.map((item) => item.kind)).toEqual(['unchanged']);
  });

  test(`${kind}: a port that leads nowhere is not exposed`, async () => {
    await using world = await open();
    await deployed(world, router('a'));
    for (const [ports, why] of [
      [[{ port: 9000, protocol: 'TCP' }], /neither a rule for port 9000 of TCP nor a fallback/],
      [[{ port: 8080, protocol: 'UDP' }], /neither a rule for port 8080 of UDP/],
      [[{ port: 0, protocol: 'TCP' }], /A port is a number from 1 to 65535/],
    ] as const) {
      const planned = await planExpose(world.connection, named(world, 'a'), { signal, ports });
      expect(planned.refused).toMatch(why);
    }
  });

  test(`${kind}: what a person has edited of the Service outlives a change of the rules`, async () => {
    await using world = await open();
    await deployed(world, router('a'));
    const first = await planExpose(world.connection, named(world, 'a'), { signal });
    const [made] = first.items.map(({ wanted }) => wanted);
    const service = {
      ...made,
      metadata: { name: 'a', annotations: { team: 'blue' }, ownerReferences: [] },
      spec: {
        type: 'NodePort',
        selector: { app: 'elsewhere' },
        ports: [
          { name: 'web', port: 80, targetPort: 8080 },
          { name: 'old', port: 9000 },
        ],
      },
    };
    const edited = await planExpose(world.connection, named(world, 'a'), { signal, service });
    expect(edited.warnings).toEqual([expect.stringContaining('9000')]);
    // Clients of the other are refused.
    expect((await expose(world.connection, edited, quiet)).ports).toEqual([
      { name: 'web', protocol: 'TCP', port: 80 },
    ]);
    const rules = [rule(8080), rule(8443)];
    await deployed(world, router('a', '192.168.12.99/24', rules));
    const next = await planExpose(world.connection, named(world, 'a'), { signal });
    expect(next.warnings).toEqual([]);
    await expose(world.connection, next, quiet);
    const live = await getObject(world.connection, kinds.service, named(world, 'a'), signal);
    expect(live).toMatchObject({
      metadata: { annotations: { team: 'blue' }, ownerReferences: [{ kind: 'EgressRouter', name: 'a' }] },
      spec: {
        type: 'NodePort',
        selector: { app: 'egress-router-cni' },
        ports: [
          { name: 'web', port: 80, targetPort: 8080 },
          { name: 'tcp-8443', port: 8443 },
        ],
      },
    });
    const again = await planExpose(world.connection, named(world, 'a'), { signal });
    expect(again.items.map((item) => item.kind)).toEqual(['unchanged']);
    for (const [changes, why] of [
      [{ kind: 'Pod' }, /must stay a Service/],
      [{ metadata: { name: 'b' } }, /keep both/],
      [{ metadata: { name: 'a', namespace: 'elsewhere' } }, /keep both/],
      [{ spec: { ports: [] } }, /has no ports/],
    ] as const) {
      const planned = await planExpose(world.connection, named(world, 'a'), {
        signal,
        service: { ...service, ...changes },
      });
      expect(planned.refused).toMatch(why);
    }
  });

  test(`${kind}: a teardown names what goes, what stays, and what is left`, async () => {
    await using world = await open();
    await deployed(world, router('a'));
    await actAs.operator(world, 'a', 'h1');
    await expose(world.connection, await planExpose(world.connection, named(world, 'a'), { signal }), quiet);
    const foreign = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'own', namespace: world.namespace },
      spec: { selector: { app: 'egress-router-cni' }, ports: [{ port: 80 }] },
    };
    await applyObject(world.connection, foreign, { fieldManager: 'x', signal });
    const live = await getObject(world.connection, kinds.egressRouter, named(world, 'a'), signal);
    const owners = [live, await getObject(world.connection, kinds.service, named(world, 'own'), signal)];
    const shared = {
      ...foreign,
      metadata: { ...foreign.metadata, name: 'shared', ownerReferences: owners.map(toOwner) },
    };
    await applyObject(world.connection, shared, { fieldManager: 'x', signal });
    const orphan = {
      apiVersion: 'k8s.cni.cncf.io/v1',
      kind: 'NetworkAttachmentDefinition',
      metadata: { name: 'egress-router-cni-a-nad', namespace: world.namespace },
      spec: { config: '{}' },
    };
    await applyObject(world.connection, orphan, { fieldManager: 'x', signal });
    const hold = { metadata: { finalizers: ['example.com/hold'] } };
    await patchObject(world.connection, kinds.egressRouter, named(world, 'a'), hold, signal);
    const planned = await planTeardown(world.connection, named(world, 'a'), signal);
    expect(planned.objects.map((object) => `${object.kind} ${object.name}`)).toEqual([
      'EgressRouter a',
      'Service a',
      'NetworkAttachmentDefinition egress-router-cni-nad',
      'Deployment egress-router-cni-deployment',
    ]);
    expect(planned.unseen).toEqual([]);
    expect(planned.stays.map(({ object, why }) => `${object.name}: ${why.replace(/\. .*/, '.')}`)).toEqual([
      "own: It selects the router's pods but does not belong to the router.",
      'shared: It belongs to Service own as well, and goes with that.',
      "egress-router-cni-a-nad: It bears the name of a router's own and belongs to no router, so nothing deletes it.",
    ]);
    // Nothing collects garbage here, so the deadline passes.
    const result = await teardown(world.connection, planned, { ...quiet, timeoutMs: 700 });
    const left = Object.fromEntries(result.residue.map(({ object, why }) => [object.kind, why]));
    expect(left).toMatchObject({
      EgressRouter: expect.stringMatching(/^Finalizers hold it: example\.com\/hold\. /),
      Deployment: 'The garbage collector has not come to it yet.',
    });
    expect(result.stays).toEqual(planned.stays);
    const held = await getObject(world.connection, kinds.egressRouter, named(world, 'a'), signal);
    expect(held.metadata.finalizers).toEqual(['example.com/hold', 'foregroundDeletion']);
    await deleteObject(world.connection, kinds.service, named(world, 'own'), { signal });
    const again = await teardown(world.connection, planned, { ...quiet, wait: false });
    expect(again.residue.map(({ why }) => why)).toContain('Not waited for.');
    expect(again.stays?.map(({ object }) => object.name)).toEqual(['shared', 'egress-router-cni-a-nad']);
    const canceled = teardown(world.connection, planned, { ...quiet, signal: AbortSignal.timeout(500) });
    await expect(canceled).rejects.toMatchObject({
      reason: 'canceled',
      message: `Stopped waiting for EgressRouter ${world.namespace}/a to be gone. Its deletion goes on.`,
    });
  });

  test(`${kind}: a teardown names the Service of the same file, and where it leads`, async () => {
    await using world = await open();
    await deployed(world, router('a'));
    await actAs.operator(world, 'a', 'h1');
    await deployed(world, router('b', '192.168.12.98/24'));
    await actAs.operator(world, 'b', 'h1', namesOfFurther('b'));
    for (const [name, selector] of [
      ['b', { app: 'egress-router-cni' }],
      ['shop', { app: 'shop' }],
    ] as const) {
      const service = {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name, namespace: world.namespace },
        spec: { selector, ports: [{ port: 8080 }] },
      };
      await applyObject(world.connection, service, { fieldManager: 'x', signal });
    }
    const staysOf = async (...beside: string[]) => {
      const { stays } = await planTeardown(world.connection, named(world, 'b'), signal, { beside });
      return stays.map(({ object, why }) => `${object.kind} ${object.name}: ${why}`);
    };
    expect(await staysOf()).toEqual([]);
    expect(await staysOf('b', 'gone')).toEqual([
      `Service b: It does not belong to the router. Its clients leave by the address of the router ${world.namespace}/a. If it is meant to go as well: kubectl delete service b -n ${world.namespace}.`,
    ]);
    expect(await staysOf('shop')).toEqual([
      `Service shop: It does not belong to the router. If it is meant to go as well: kubectl delete service shop -n ${world.namespace}.`,
    ]);
  });

  test(`${kind}: a teardown names what may not be looked at`, async () => {
    await using world = await open();
    await deployed(world, router('a'));
    await actAs.operator(world, 'a', 'h1');
    const few = await world.connectAs([
      { apiGroups: ['*'], resources: ['egressrouters'], verbs: ['get', 'delete'] },
      { apiGroups: ['*'], resources: ['services', 'configmaps'], verbs: ['list'] },
    ]);
    const unseen = ['endpointslices', 'network-attachment-definitions', 'deployments', 'replicasets', 'pods'];
    const planned = await planTeardown(few, named(world, 'a'), signal);
    expect(planned.objects.map((object) => object.kind)).toEqual(['EgressRouter']);
    expect(planned.unseen).toEqual(unseen);
    const hold = { metadata: { finalizers: ['example.com/hold'] } };
    const place = { namespace: world.namespace, name: documentedNames.deployment };
    await patchObject(world.connection, kinds.deployment, place, hold, signal);
    const result = await teardown(few, planned, { ...quiet, timeoutMs: 700 });
    expect(result.unseen).toEqual(unseen);
  });

  test(`${kind}: a router that was made anew after the question is not torn down, and told of`, async () => {
    await using world = await open();
    const place = named(world, 'a');
    await deployed(world, router('a'));
    const planned = await planTeardown(world.connection, place, signal);
    await deleteObject(world.connection, kinds.egressRouter, place, { signal });
    await deployed(world, router('a'));
    const { residue, stays } = await teardown(world.connection, planned, quiet);
    expect(residue).toEqual([]);
    expect(stays).toEqual([
      {
        object: expect.objectContaining({ kind: 'EgressRouter', name: 'a' }),
        why: expect.stringMatching(/^It was made anew meanwhile\./),
      },
    ]);
    const { metadata } = await getObject(world.connection, kinds.egressRouter, place, signal);
    expect(metadata.deletionTimestamp).toBeUndefined();
  });
}

async function madePod({ connection, namespace }: World, name: string, labels: object): Promise<void> {
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace } };
  await applyObject(connection, account, { fieldManager: 'x', signal });
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { ...labels } },
    spec: { containers: [{ name: 'c', image: 'web' }] },
  };
  await applyObject(connection, pod, { fieldManager: 'x', signal });
}

function toOwner({ apiVersion, kind, metadata: { name, uid = '' } }: KubernetesObject): OwnerReference {
  return { apiVersion, kind, name, uid };
}

function named({ namespace }: World, name: string): { readonly namespace: string; readonly name: string } {
  return { namespace, name };
}
