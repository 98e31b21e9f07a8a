// Every verb of the built command line with what may be said to it, where nobody is there to be asked.
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { kinds } from '#cluster/kinds.ts';
import { findObject } from '#cluster/objects.ts';
import { listAt, textAt } from '#core/json-value.ts';
import { type CommandLine, sample, startCommandLine } from './command-line.ts';
import { openWorld, signal } from './operations-world.ts';

let line: CommandLine;
beforeAll(async () => {
  line = await startCommandLine();
});
afterAll(() => line.close());

const router = (name: string, { ip = '192.168.12.91', redirect = rules([8080]) } = {}): string =>
  `apiVersion: network.operator.openshift.io/v1
kind: EgressRouter
metadata: {name: ${name}}
spec:
  mode: Redirect
  networkInterface: {macvlan: {mode: Bridge}}
  addresses: [{ip: ${ip}/24, gateway: 192.168.12.1}]
  redirect: ${redirect}
`;

function rules(ports: readonly number[], protocol = 'TCP'): string {
  return `{redirectRules: [${ports.map((port) => `{port: ${port}, protocol: ${protocol}, destinationIP: 203.0.113.25}`).join(', ')}]}`;
}

/** One value for each document that is printed. */
async function data(args: readonly string[], code = 0, stdin?: string): Promise<Record<string, never>> {
  const ran = await line.run(args, stdin === undefined ? {} : { stdin });
  expect(ran.code, ran.err).toBe(code);
  return parse(ran.out);
}

test('preflight of a file, of standard input, of a router and of a namespace, in each format', async () => {
  await line.check(
    ['preflight', sample],
    0,
    /^demo\/partner-api\ninformation +Nothing tells what the nodes run on\. .* MAC address [0-9a-f:]{17}\.$/m,
  );
  await line.check(['preflight', '-', '-n', 'demo'], 0, /^demo\/a\n/m, /^/, { stdin: router('a') });
  for (const format of ['json', 'yaml']) {
    const { routers } = await data(['preflight', sample, '-o', format]);
    expect(routers).toMatchObject([{ router: { namespace: 'demo', name: 'partner-api' } }]);
    expect(await data(['preflight', '-o', format])).toMatchObject({
      routers: [],
      findings: [{ code: 'crd' }, {}, {}, {}, {}, {}],
    });
  }
  await line.check(['preflight', '-'], 1, /^error +\(stdin\): /m, /^/, {
    stdin: router('a', { ip: '192.168.12.300' }),
  });
  await line.check(['preflight', '-'], 1, /^ok /, /^There is no EgressRouter to check\.$/m, {
    stdin: 'kind: Pod\napiVersion: v1\n',
  });
  await line.check(['preflight', 'none'], 1, /^$/, /EgressRouter demo\/none/);
  await line.check(['preflight', '-n', 'nowhere-at-all', '--context', 'none'], 1, /^$/, /no context "none"/);
  const env = { KUBECONFIG: path.join(line.folder, 'kubeconfig') };
  await line.check(['status', '-A', '--context='], 0, /^$/, /^Context sandbox: /, { kubeconfig: '', env });
});

test('deploy refuses what preflight finds wrong, unless told to go on', async () => {
  const other = router('other', { ip: '192.168.12.99' });
  await line.check(['deploy', sample, '--no-wait'], 0, /^demo\/partner-api applied$/m);
  await line.check(
    ['deploy', '-', '-n', 'default', '--dry-run'],
    1,
    /^create +EgressRouter default\/other$/m,
    /^error +192\.168\.12\.99 is taken: EgressRouter demo\/partner-api/m,
    { stdin: other },
  );
  await line.check(
    ['deploy', '-', '-n', 'default'],
    1,
    /^$/,
    /^Nothing was deployed: preflight finds errors\./m,
    { stdin: other },
  );
  await line.check(
    ['deploy', '-', '-n', 'default', '--yes', '--no-wait'],
    0,
    /^default\/other applied$/m,
    /^/,
    { stdin: other },
  );
  await line.check(['teardown', 'other', '-n', 'default', '--yes'], 0, /^default\/other gone$/m);
  await line.check(['teardown', 'partner-api', '-y'], 0, /gone/);
});

test('deploy waits, or does not, for as long as it is told, and tells each part on the other channel', async () => {
  const stdin = router('a');
  await line.check(
    ['deploy', '-', '-n', 'default'],
    0,
    /^default\/a ready\n$/,
    /^EgressRouter default\/a: [34]\/4 (pod|interface): /m,
    { stdin },
  );
  await line.check(['preflight', 'a', '-n', 'default'], 0, /^ok +192\.168\.12\.91 is free/m);
  await line.check(
    ['status', 'a', '-n', 'default', '--wait', '--timeout', '30s'],
    0,
    /^default +a +simulated/m,
  );
  const again = await data(['deploy', '-', '-n', 'default', '-o', 'yaml'], 0, stdin);
  expect(again).toMatchObject({ routers: [{ object: { name: 'a' }, outcome: { kind: 'ready' } }] });
  const planned = await data(
    ['deploy', '-', '-n', 'default', '--dry-run', '-o', 'json'],
    0,
    stdin.replace('8080', '8081'),
  );
  expect(planned).toMatchObject({ items: [{ kind: 'change', changes: [{ before: 8080, after: 8081 }] }] });
  await line.check(['deploy', '-'], 1, /^$/, /correct the errors first/, {
    stdin: stdin.replace('TCP', 'ICMP'),
  });
  await line.check(['deploy', '-'], 1, /^$/, /There is no EgressRouter to deploy/, {
    stdin: 'kind: ConfigMap\n',
  });
  await line.check(['deploy', '-'], 1, /^$/, /^\(stdin\): X\\nprod\/a gone is left alone\./m, {
    stdin: String.raw`kind: "X\nprod/a gone"`,
  });
  await line.check(['deploy', '/no/such/file.yaml'], 2, /^$/, /^Cannot read/);
  await line.check(['status', 'none', '--wait', '--timeout', '1s'], 1, /^$/, /There is no EgressRouter none/);
});

test('deploy tells what the operator makes of new routers, which is what it then makes', async () => {
  await using world = await openWorld(path.join(line.folder, 'kubeconfig'));
  const { connection, namespace } = world;
  const annotated = router('b', { ip: '192.168.12.62' }).replace(
    '{name: b}',
    "{name: b, annotations: {egress-router-tools/expose: 'true'}}",
  );
  const stdin = `${router('a', { ip: '192.168.12.61' })}---\n${annotated}`;
  const made = [
    'NetworkAttachmentDefinition egress-router-cni-b-nad',
    'ConfigMap egress-router-cni-b-config',
    'Deployment egress-router-cni-b-deployment',
    'Service b',
  ];
  const told = new RegExp(
    `^create +EgressRouter ${namespace}/b\\n +the operator then makes: ${made.join(', ')}$`,
    'm',
  );
  await line.check(['deploy', '-', '-n', namespace, '--dry-run'], 0, told, /^/, { stdin });
  await line.check(['deploy', '-', '-n', namespace], 0, /^/, told, { stdin });
  for (const one of [kinds.nad, kinds.configMap, kinds.deployment, kinds.service]) {
    const name = made.find((text) => text.startsWith(`${one.kind} `))?.replace(/^\S+ /, '') ?? '';
    expect(await findObject(connection, one, { namespace, name }, signal)).toBeDefined();
  }
  const { routers } = await data(['status', 'b', '-n', namespace, '-o', 'json']);
  const objects = listAt(routers, 0, 'objects').map((one) => `${textAt(one, 'kind')} ${textAt(one, 'name')}`);
  expect(objects.toSorted()).toEqual(made.toSorted());
  await line.check(
    ['expose', 'b', '-n', namespace],
    0,
    /^Clients call b\.\S+:8080 \(TCP\), address /,
    /^The operator keeps this Service in step with the rules, as the annotation /m,
  );
});

test('fields of others are taken over by --force alone', async () => {
  const stdin = router('a');
  // As another program would: by an apply of its own name.
  const changed = stdin.replace('192.168.12.91', '192.168.12.92');
  await applyAs('gitops', changed);
  await line.check(
    ['deploy', '-', '-n', 'default', '--yes'],
    1,
    /^$/,
    /managed by "gitops"[^]*^Nothing was deployed: others own fields/m,
    { stdin },
  );
  await line.check(['deploy', '-', '-n', 'default', '--dry-run'], 1, /managed by "gitops"/, /^/, { stdin });
  await line.check(['deploy', '-', '-n', 'default', '--force'], 0, /^default\/a ready$/m, /^/, { stdin });
});

test('status of one router tells what its Events warn of', async () => {
  await warn('a', 'The cable is out.\n::error::');
  await line.check(
    ['status', 'a', '-n', 'default'],
    0,
    /^warning {2}EgressRouter a: Unplugged: The cable is out\. ::error:: \(3 times, [0-9]+ s ago\)\n$/m,
  );
  await line.check(['status', '-n', 'default'], 0, /^(?![^]*warning)/);
  expect(await data(['status', 'a', '-n', 'default', '-o', 'json'])).toMatchObject({
    routers: [{ warnings: [{ about: 'EgressRouter a', reason: 'Unplugged', count: 3 }] }],
  });
});

test('expose previews, takes an edited Service, and asks for the port of a fallback', async () => {
  const service = await data(['expose', 'a', '-n', 'default', '--dry-run', '-o', 'yaml']);
  expect(service).toMatchObject({
    kind: 'Service',
    metadata: { name: 'a', ownerReferences: [{ kind: 'EgressRouter' }] },
  });
  await line.check(
    ['expose', 'a', '-n', 'default', '--dry-run'],
    0,
    /^create +Service default\/a\nClients will call a\.default\.svc:8080 \(TCP\)/,
  );
  const edited = JSON.stringify({
    ...service,
    spec: { type: 'NodePort', ports: [{ name: 'web', port: 80, targetPort: 8080 }] },
  });
  await line.check(
    ['expose', 'a', '-n', 'default', '--service', '-'],
    0,
    /^Clients call a\.default\.svc:80 \(TCP\), address /,
    /^create +Service/m,
    { stdin: edited },
  );
  await line.check(['expose', 'a', '-n', 'default'], 0, /svc:80 \(TCP\)/, /^unchanged +Service/m);
  await line.check(['expose', 'a', '-n', 'default', '--service', '-'], 1, /^$/, /must stay a Service/, {
    stdin: 'kind: Pod\n',
  });
  await line.check(
    ['expose', 'a', '-n', 'default', '--port', '9000/udp'],
    1,
    /^$/,
    /neither a rule for port 9000 of UDP/,
  );
  const fallback = router('f', { ip: '192.168.12.93', redirect: '{fallbackIP: 203.0.113.25}' });
  await line.check(['deploy', '-', '-n', 'default', '--no-wait'], 0, /applied/, /^/, { stdin: fallback });
  await line.check(
    ['expose', 'f', '-n', 'default'],
    1,
    /^$/,
    /Say which port clients call\. Give it with --port\./,
  );
  await line.check(
    ['expose', 'f', '-n', 'default', '--port', '8443', '--port', '53/UDP'],
    0,
    /f\.default\.svc:8443 \(TCP\), f\.default\.svc:53 \(UDP\)/,
  );
  await line.check(['expose', 'none', '-n', 'default'], 1, /^$/, /none/);
});

test('what status says brings an edited Service in step does so', async () => {
  const stdin = router('edited', { ip: '192.168.12.94' });
  const named = ['edited', '-n', 'default'];
  await line.check(['deploy', '-', '-n', 'default'], 0, /^default\/edited ready$/m, /^/, { stdin });
  await line.check(['expose', ...named], 0, /svc:8080 \(TCP\)/);
  await applyAs(
    'gitops',
    `{apiVersion: v1, kind: Service, metadata: {name: edited}, spec: {ports: [{port: 8080, protocol: TCP, targetPort: 9}]}}`,
  );
  const { out } = await line.run(['status', ...named]);
  const advice = /^warning {2}To bring it in step, and take (.+) over from "gitops": egress-router (.+)$/m;
  const [, fields, told = ''] = advice.exec(out) ?? [];
  expect(fields, out).toBe('.spec.ports[port=8080,protocol="TCP"].targetPort');
  expect(told).toBe(`expose edited -n default --force --kubeconfig=${path.join(line.folder, 'kubeconfig')}`);
  await line.check(told.split(' '), 0, /svc:8080 \(TCP\)/);
  await line.check(['status', ...named], 0, /^(?![^]*warning)/);
  await line.check(['teardown', ...named, '--yes'], 0, /^default\/edited gone$/m);
});

test('teardown deletes with --yes, and by the name alone in a protected context', async () => {
  const env = { EGRESS_ROUTER_PROTECTED_CONTEXTS: 'prod*, sand*' };
  await line.check(
    ['teardown', 'a', '-n', 'default'],
    1,
    /^$/,
    /^Nothing was deleted\. Say --yes to delete\.$/m,
  );
  await line.check(['teardown', 'a', '-n', 'default', '--dry-run'], 0, /^goes +EgressRouter default\/a$/m);
  await line.check(
    ['teardown', 'a', '-n', 'default', '--dry-run', '-o', 'json'],
    0,
    /"kind": "EgressRouter"/,
  );
  await line.check(
    ['teardown', 'a', '-n', 'default', '--yes'],
    1,
    /^$/,
    /^Nothing was deleted\. Context sandbox is protected: say --confirm a\.$/m,
    { env },
  );
  await line.check(['teardown', 'a', '-n', 'default', '--confirm', 'b'], 1, /^$/, /--confirm says "b"/, {
    env,
  });
  const gone = await data(['teardown', 'a', '-n', 'default', '--confirm', 'a', '-o', 'json']);
  expect(gone).toMatchObject({ residue: [], stays: [], unseen: [] });
  await line.check(['teardown', 'f', '-n', 'default', '--yes', '--no-wait'], 0, /^default\/f deleted$/m);
  await line.check(['teardown', 'a', '-n', 'default', '--yes'], 1, /^$/, /EgressRouter default\/a/);
});

test('whoever may not look is told so, and never that all is well', async () => {
  await using world = await openWorld(path.join(line.folder, 'kubeconfig'));
  const verbs = ['get', 'create', 'patch', 'delete'];
  const token = await world.token([{ apiGroups: ['*'], resources: ['egressrouters'], verbs }]);
  const kubeconfig = await world.kubeconfig(({ users }) => {
    for (const entry of users) entry.user = { token };
  });
  const options = { kubeconfig, stdin: router('few', { ip: '192.168.12.97' }) };
  const check = (args: readonly string[], code: number, out: RegExp, err?: RegExp) =>
    line.check([...args, '-n', world.namespace], code, out, err, options);
  await check(
    ['preflight', '-'],
    1,
    /^information +On one node, .* but you may not see egressrouters, pods;[^]*^information +Nothing tells whether namespace \S+ has other egress routers/m,
  );
  await check(
    ['deploy', '-'],
    1,
    /^\S+\/few applied, but cannot be followed: Cannot list .* With --no-wait, deploy does not wait\.$/m,
    /EgressRouter \S+\/few: Created\.$/m,
  );
  await check(
    ['teardown', 'few', '--yes'],
    0,
    /^\S+\/few gone$/m,
    /^unseen +services, .*, pods: you may not list them\.$[^]*^not looked at: services, .*, pods in namespace \S+: you may not list them/m,
  );
});

async function warn(name: string, message: string): Promise<void> {
  const { connect } = await import('#cluster/connect.ts');
  const { createObject, getObject } = await import('#cluster/objects.ts');
  const { kinds } = await import('#cluster/kinds.ts');
  const kubeconfigPaths = [path.join(line.folder, 'kubeconfig')];
  const connection = connect({ kubeconfigPaths, namespace: 'default', allowExec: false });
  const place = { namespace: 'default', name };
  const signal = AbortSignal.timeout(10_000);
  const { apiVersion, kind, metadata } = await getObject(connection, kinds.egressRouter, place, signal);
  const event = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name}.1` },
    involvedObject: { apiVersion, kind, ...place, uid: metadata.uid },
    type: 'Warning',
    reason: 'Unplugged',
    message,
    count: 3,
    lastTimestamp: new Date().toISOString().replace(/\.\d+/, ''),
  };
  await createObject(connection, kinds.event, event, { namespace: 'default', signal });
  connection.close();
}

async function applyAs(fieldManager: string, text: string): Promise<void> {
  const { connect } = await import('#cluster/connect.ts');
  const { applyObject } = await import('#cluster/apply.ts');
  const kubeconfigPaths = [path.join(line.folder, 'kubeconfig')];
  const connection = connect({ kubeconfigPaths, namespace: 'default', allowExec: false });
  await applyObject(connection, parse(text), {
    fieldManager,
    force: true,
    signal: AbortSignal.timeout(10_000),
  });
  connection.close();
}
