// The sandbox with a real network: what it is for, the two ways in which it ends, and what a failing router says.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyObject } from '#cluster/apply.ts';
import { kinds, type ResourceKind } from '#cluster/kinds.ts';
import { createObject, deleteObject, findObject, listObjects } from '#cluster/objects.ts';
import { egressRouterApiVersion, egressRouterKind } from '#core/egress-router/wire.ts';
import { at, listAt, textAt } from '#core/json-value.ts';
import { appLabel, appLabelValue, deploymentName, networkStatusAnnotation } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { eventually, isRunning, namespacesOf, SandboxProgram } from '../cluster/sandbox-program.ts';
import { availableTargets } from '../cluster/target.ts';
import { attempt, Background, run } from './command.ts';

const namespace = 'demo';
const signal = AbortSignal.timeout(10 * 60_000);

let sandbox: SandboxProgram;

interface RouterRow {
  readonly name?: string;
  /** The last byte of its reserved address. */
  readonly host?: number;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly master?: string;
  readonly isDualStack?: true;
  /** Of the server that port 8080 leads to. */
  readonly targetPort?: number;
  readonly gateway?: string;
}

function router(row: RouterRow = {}): KubernetesObject {
  const {
    name = 'partner',
    host = 99,
    annotations = {},
    master,
    isDualStack,
    targetPort = 80,
    gateway = '192.168.12.1',
  } = row;
  const rule = (port: number, protocol: string, destinationIP: string, target: number) => ({
    port,
    protocol,
    destinationIP,
    targetPort: target,
  });
  return {
    apiVersion: egressRouterApiVersion,
    kind: egressRouterKind,
    metadata: { name, namespace, annotations },
    spec: {
      mode: 'Redirect',
      networkInterface: { macvlan: { mode: 'Bridge', ...(master === undefined ? {} : { master }) } },
      addresses: [
        { ip: `192.168.12.${host}/24`, gateway },
        ...(isDualStack === true ? [{ ip: 'fd12::99/64', gateway: 'fd12::1' }] : []),
      ],
      redirect: {
        redirectRules: [
          rule(8080, 'TCP', '203.0.113.25', targetPort),
          rule(8053, 'UDP', '203.0.113.26', 53),
          ...(isDualStack === true ? [rule(8080, 'TCP', '2001:db8::25', 80)] : []),
        ],
      },
    },
  };
}

const service: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'app-egress', namespace },
  spec: {
    selector: { [appLabel]: appLabelValue },
    ipFamilyPolicy: 'PreferDualStack',
    ports: [
      { name: 'tcp-8080', protocol: 'TCP', port: 8080 },
      { name: 'udp-8053', protocol: 'UDP', port: 8053 },
    ],
  },
};

async function apply(object: KubernetesObject): Promise<void> {
  await applyObject(sandbox.connection, object, { fieldManager: 'test', force: true, signal });
}

async function remove(kind: ResourceKind, name: string): Promise<void> {
  await deleteObject(sandbox.connection, kind, { namespace, name }, { signal });
}

async function list(kind: ResourceKind): Promise<readonly KubernetesObject[]> {
  return (await listObjects(sandbox.connection, kind, { namespace, signal })).objects;
}

function conditionOf(object: KubernetesObject, type: string): unknown {
  return listAt(object, 'status', 'conditions').find((condition) => textAt(condition, 'type') === type);
}

async function untilAvailable(): Promise<void> {
  await eventually('the router is available', async () => {
    const [found] = await list(kinds.egressRouter);
    if (found === undefined) return undefined;
    const [deployment] = await list(kinds.deployment);
    const observed = deployment?.['status'];
    const isSettled = listAt({ observed }, 'observed', 'conditions').some(
      (condition) => textAt(condition, 'reason') === 'NewReplicaSetAvailable',
    );
    return isSettled && textAt(conditionOf(found, 'Available'), 'status') === 'True' ? found : undefined;
  });
}

async function routerPods(): Promise<readonly KubernetesObject[]> {
  return (await list(kinds.pod)).filter(({ metadata }) => metadata.name !== 'client');
}

/** The default routes, of both families, in the table main of the pod that has this address. */
async function mainDefaults(podIp: string): Promise<readonly unknown[]> {
  for (const line of await namespacesOf(`${sandbox.prefix}pod-`)) {
    const inside = ['ip', '-n', line.split(' ')[0] ?? '', '-j'];
    if (!(await run([...inside, 'address'])).includes(`"${podIp}"`)) continue;
    const texts = await Promise.all(
      ['-4', '-6'].map((family) => run([...inside, family, 'route', 'show', 'default'])),
    );
    return texts.flatMap((text) => listAt(JSON.parse(text)));
  }
  throw new Error(`no pod has ${podIp}`);
}

async function untilGone(): Promise<void> {
  await eventually('everything of the router is gone', async () => {
    const pods = (await list(kinds.pod)).filter(({ metadata }) => metadata.name !== 'client');
    const rest = [
      ...pods,
      ...(await list(kinds.deployment)),
      ...(await list(kinds.replicaSet)),
      ...(await list(kinds.nad)),
    ];
    return rest.length === 0 ? true : undefined;
  });
}

/** What the servers outside say of whoever asks. */
async function ask(...argv: readonly string[]): Promise<unknown> {
  return eventually(`an answer to ${argv.join(' ')}`, async () => {
    const { code, stdout } = await sandbox.client(argv);
    return code === 0 && stdout !== '' ? JSON.parse(stdout) : undefined;
  });
}

function curl(url: string, ...flags: readonly string[]): Promise<unknown> {
  return ask('curl', '--silent', '--max-time', '3', ...flags, url);
}

function askUdp(host: string, port: number): Promise<unknown> {
  return ask('bash', '-c', 'exec 3<>"/dev/udp/$0/$1"; echo >&3; timeout 2 head -n 1 <&3', host, String(port));
}

describe.each(availableTargets())('with the API: %s', (target) => {
  const api = target === 'real' ? 'real' : 'built-in';
  beforeAll(async () => {
    sandbox = await SandboxProgram.start('--api', api);
  });
  afterAll(async () => {
    await sandbox.stop();
  });

  test('a pod goes out by itself with the node’s address, in both families', async () => {
    expect(sandbox.ready).toEqual({
      ready: true,
      kubeconfig: `${sandbox.folder}/kubeconfig`,
      networking: 'real',
    });
    expect(await curl('http://203.0.113.25')).toEqual({ peer: '192.168.12.10', server: '203.0.113.25:80' });
    expect(await curl('http://[2001:db8::25]:8080')).toEqual({
      peer: 'fd12::10',
      server: '[2001:db8::25]:8080',
    });
  });

  test('the pod bridge keeps its MAC whatever is plugged in, so that no client loses its way for a while', async () => {
    const inNode = ['ip', '-n', `${sandbox.prefix}node`];
    const macOfBridge = async (): Promise<unknown> =>
      at(JSON.parse(await run([...inNode, '-j', 'link', 'show', 'cni0'])), 0, 'address');
    const before = await macOfBridge();
    // Lower than any: a bridge without a MAC of its own would take it.
    await run([...inNode, 'link', 'add', 'low0', 'address', '02:00:00:00:00:01', 'type', 'veth']);
    await run([...inNode, 'link', 'set', 'low0', 'master', 'cni0']);
    expect(await macOfBridge()).toBe(before);
    await run([...inNode, 'link', 'del', 'low0']);
  });

  test('a command in the client pod passes on its streams and its exit code', async () => {
    const echo = await sandbox.client(['sh', '-c', 'cat; echo oops >&2; exit 7'], 'typed\n');
    expect(echo).toEqual({ code: 7, stdout: 'typed\n', stderr: 'oops\n' });
    expect(await sandbox.client(['seq', '20000'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/\n20000\n$/),
    });
  });

  test('what goes through the router reaches the server from the reserved address, on the wire too', async () => {
    await apply(router({ isDualStack: true }));
    await apply(service);
    await untilAvailable();
    const capture = await Background.start(
      ['ip', 'netns', 'exec', `${sandbox.prefix}lan`, 'tcpdump', '-lnni', 'lan0', 'host', '203.0.113.25'],
      /listening on/,
    );
    try {
      const address = { peer: '192.168.12.99', server: '203.0.113.25:80' };
      expect(await curl('http://app-egress:8080', '--ipv4')).toEqual(address);
      await capture.printed(/IP 192\.168\.12\.99\.\d+ > 203\.0\.113\.25\.80: Flags \[S\]/);
      expect(capture.output).not.toMatch(/10\.128\.0\./);
    } finally {
      await capture.stop();
    }
    const found = await findObject(
      sandbox.connection,
      kinds.service,
      { namespace, name: 'app-egress' },
      signal,
    );
    const [ip4, ip6] = listAt(found, 'spec', 'clusterIPs');
    expect(await askUdp(String(ip4), 8053)).toEqual({ peer: '192.168.12.99', server: '203.0.113.26:53' });
    const address6 = { peer: 'fd12::99', server: '[2001:db8::25]:80' };
    expect(await curl(`http://[${String(ip6)}]:8080`)).toEqual(address6);
    expect(await curl('http://app-egress:8080', '--ipv6')).toEqual(address6);
  });

  test('the router’s process runs as in a real pod: NET_ADMIN alone, nothing to write to', async () => {
    const [pod] = (await list(kinds.pod)).filter(({ metadata }) => metadata.name !== 'client');
    const netns = (await namespacesOf(`${sandbox.prefix}pod-`)).map((line) => line.split(' ')[0] ?? '');
    const status = JSON.parse(textAt(pod, 'metadata', 'annotations', networkStatusAnnotation) ?? '');
    expect(status).toMatchObject([
      { name: 'cluster-network', interface: 'eth0' },
      { name: `${namespace}/egress-router-cni-nad`, interface: 'net1', ips: ['192.168.12.99', 'fd12::99'] },
    ]);
    const log = await sandbox.connection.text({
      verb: 'get',
      kind: kinds.pod,
      namespace,
      name: pod?.metadata.name,
      subresource: 'log',
      signal,
    });
    expect(log).toMatch(/ redirecting$/m);
    const router = await eventually('the process in the router’s namespace', async () => {
      for (const name of netns) {
        for (const pid of (await run(['ip', 'netns', 'pids', name])).split('\n').filter(Boolean)) {
          const { stdout } = await attempt(['cat', `/proc/${pid}/cmdline`]);
          if (stdout.includes('/opt/sandbox/router.mjs')) return pid;
        }
      }
      return undefined;
    });
    // capability.h: CAP_NET_ADMIN is bit 12.
    expect(await run(['grep', '-E', '^(CapEff|CapBnd|NoNewPrivs)', `/proc/${router}/status`])).toBe(
      'CapEff:\t0000000000001000\nCapBnd:\t0000000000001000\nNoNewPrivs:\t1\n',
    );
    const mounts = await run(['cat', `/proc/${router}/mounts`]);
    expect(mounts).toMatch(/^tmpfs \/ tmpfs ro,/m);
    expect(mounts).toMatch(/^proc \/proc\/sys proc ro,/m);
    const writable = mounts.split('\n').filter((line) => / rw,/.test(line));
    expect(writable.filter((line) => !/^\S+ \/(?:proc|dev\/\w+) /.test(line))).toEqual([]);
  });

  test('a changed rule comes into force in the pod that there is', async () => {
    const [before] = await routerPods();
    await apply(router({ isDualStack: true, targetPort: 8080 }));
    await eventually('an answer by the new rule', async () => {
      const answer = await curl('http://app-egress:8080', '--ipv4');
      return textAt(answer, 'server') === '203.0.113.25:8080' ? answer : undefined;
    });
    await untilAvailable();
    expect((await routerPods()).map(({ metadata }) => metadata.uid)).toEqual([before?.metadata.uid]);
    expect(at((await routerPods())[0], 'status', 'containerStatuses', 0, 'restartCount')).toBe(0);
    await eventually('the operator has heard of it from the pod', async () => {
      const reasons = (await list(kinds.event)).map((event) => textAt(event, 'reason'));
      return reasons.includes('RulesInForce') ? true : undefined;
    });
    const [found] = await list(kinds.egressRouter);
    expect(textAt(conditionOf(found ?? service, 'Progressing'), 'status')).toBe('False');
  });

  test('another address comes with a new pod, which never meets the old one', async () => {
    const [before] = await routerPods();
    let most = 0;
    await apply(router({ host: 98 }));
    await eventually('another pod', async () => {
      const pods = await routerPods();
      most = Math.max(most, pods.length);
      return pods.some(({ metadata }) => metadata.uid !== before?.metadata.uid) ? true : undefined;
    });
    expect(most).toBe(1);
    await untilAvailable();
    expect(await curl('http://app-egress:8080')).toEqual({
      peer: '192.168.12.98',
      server: '203.0.113.25:80',
    });
  });

  test('routers of one namespace each leave by their own address, and stay when the first goes', async () => {
    const annotations = { 'egress-router-tools/expose': 'true' };
    await apply(router({ name: 'billing', host: 96, annotations }));
    await apply(router({ name: 'orders', host: 97, annotations, targetPort: 8080 }));
    const via = async (name: string) => curl(`http://${name}:8080`);
    const answers = async () => Promise.all(['billing', 'orders'].map(via));
    const own = [
      { peer: '192.168.12.96', server: '203.0.113.25:80' },
      { peer: '192.168.12.97', server: '203.0.113.25:8080' },
    ];
    expect(await answers()).toEqual(own);
    // Of the Service by the documented label every answer is that of the first.
    for (let turn = 0; turn < 8; turn += 1) {
      expect(await via('app-egress')).toEqual({ peer: '192.168.12.98', server: '203.0.113.25:80' });
    }
    const uids = async () =>
      (await routerPods())
        .filter(({ metadata }) => /-(billing|orders)-/.test(metadata.name))
        .map(({ metadata }) => metadata.uid ?? '')
        .toSorted((a, b) => (a < b ? -1 : 1));
    const before = await uids();
    expect(before).toHaveLength(2);
    await remove(kinds.egressRouter, 'partner');
    await eventually('the first is gone', async () => ((await routerPods()).length === 2 ? true : undefined));
    expect(await answers()).toEqual(own);
    expect(await uids()).toEqual(before);
    await apply(router({ host: 98 }));
    await eventually('the documented names are taken again', async () =>
      (await list(kinds.deployment)).some(({ metadata }) => metadata.name === deploymentName)
        ? true
        : undefined,
    );
    expect(await via('app-egress')).toEqual({ peer: '192.168.12.98', server: '203.0.113.25:80' });
    expect(await uids()).toEqual(before);
    await remove(kinds.egressRouter, 'billing');
    await remove(kinds.egressRouter, 'orders');
    await eventually('one is left', async () => ((await routerPods()).length === 1 ? true : undefined));
  });

  test('a router that is deleted takes along all it owned, and its network namespace', async () => {
    const client = (await namespacesOf(`${sandbox.prefix}pod-`)).length - 1;
    await remove(kinds.egressRouter, 'partner');
    await untilGone();
    expect((await namespacesOf(`${sandbox.prefix}pod-`)).length).toBe(client);
    await eventually('the Service without endpoints refuses', async () => {
      const { code } = await sandbox.client([
        'curl',
        '--silent',
        '--max-time',
        '3',
        'http://app-egress:8080',
      ]);
      return code === 7 ? true : undefined;
    });
  });

  test('why a router does not come up is told in the plugin’s words, and mending it brings it up', async () => {
    await apply(router({ master: 'enp9s9' }));
    const reason = 'macvlan master "enp9s9" does not exist on this node (it has: enp1s0, cni0)';
    const event = await eventually('the event', async () =>
      (await list(kinds.event)).find((one) => one['reason'] === 'FailedCreatePodSandBox'),
    );
    expect(textAt(event, 'message')).toContain(
      `: error adding container to network "egress-router-cni-nad": ${reason}; master-missing\n': StdinData: {`,
    );
    expect(textAt(event, 'message')).toMatch(
      /^Failed to create pod sandbox: rpc error: code = Unknown desc = /,
    );
    const condition = await eventually('the condition', async () => {
      const [found] = await list(kinds.egressRouter);
      const degraded = found === undefined ? undefined : conditionOf(found, 'Degraded');
      return textAt(degraded, 'status') === 'True' ? degraded : undefined;
    });
    const [pod] = (await list(kinds.pod)).filter(({ metadata }) => metadata.name !== 'client');
    expect(textAt(condition, 'message')).toBe(`Pod ${pod?.metadata.name} has no network: ${reason}`);
    expect(textAt(pod, 'status', 'phase')).toBe('Pending');
    expect(textAt(pod, 'status', 'containerStatuses', 0, 'state', 'waiting', 'reason')).toBe(
      'ContainerCreating',
    );
    await apply(router({ master: 'enp1s0' }));
    await untilAvailable();
    await remove(kinds.egressRouter, 'partner');
    await untilGone();
  });

  test('why a router is not ready is told by the router itself, as the kubelet tells only that it is not', async () => {
    await apply(router({ gateway: '192.168.12.250' }));
    const condition = await eventually('the condition', async () => {
      const [found] = await list(kinds.egressRouter);
      const degraded = found === undefined ? undefined : conditionOf(found, 'Degraded');
      return textAt(degraded, 'status') === 'True' ? degraded : undefined;
    });
    expect(textAt(condition, 'reason')).toBe('RouterNotReady');
    expect(textAt(condition, 'message')).toMatch(
      /^Pod \S+ runs but does not redirect: The gateway 192\.168\.12\.250 does not answer the router, /,
    );
    const unhealthy = (await list(kinds.event)).filter((one) => textAt(one, 'reason') === 'Unhealthy');
    const messages = unhealthy.map((one) => textAt(one, 'message'));
    expect(messages).toContain('Readiness probe failed: HTTP probe failed with statuscode: 503');
    await apply(router());
    await untilAvailable();
    await remove(kinds.egressRouter, 'partner');
    await untilGone();
  });

  test.each([
    ['in Multus’ short form', 'by-hand@lan1'],
    [
      'with the default route that the Cluster Network Operator asks for',
      JSON.stringify([{ name: 'by-hand', interface: 'lan1', 'default-route': ['192.168.12.1'] }]),
    ],
  ])('a pod that somebody made by hand gets what its annotation asks for, %s', async (form, networks) => {
    const config = {
      cniVersion: '0.4.0',
      type: 'egress-router',
      ip: {
        addresses: ['192.168.12.77/24'],
        gateway: '192.168.12.1',
        destinations: ['80 TCP 203.0.113.26 8080'],
      },
    };
    await createObject(
      sandbox.connection,
      kinds.nad,
      {
        apiVersion: kinds.nad.apiVersion,
        kind: kinds.nad.kind,
        metadata: { name: 'by-hand', namespace },
        spec: { config: JSON.stringify(config) },
      },
      { namespace, signal },
    );
    await createObject(
      sandbox.connection,
      kinds.pod,
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name: 'by-hand',
          namespace,
          annotations: { 'k8s.v1.cni.cncf.io/networks': networks },
        },
        spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'pause', image: 'any' }] },
      },
      { namespace, signal },
    );
    const ip = await eventually('the pod runs', async () => {
      const pod = await findObject(sandbox.connection, kinds.pod, { namespace, name: 'by-hand' }, signal);
      return textAt(pod, 'status', 'phase') === 'Running' ? textAt(pod, 'status', 'podIP') : undefined;
    });
    expect(await curl(`http://${ip}`)).toEqual({ peer: '192.168.12.77', server: '203.0.113.26:8080' });
    const defaults = (await mainDefaults(ip ?? '')).map((route) => textAt(route, 'dev'));
    expect(defaults).toEqual(form.startsWith('with') ? ['lan1'] : ['eth0', 'eth0']);
    await remove(kinds.pod, 'by-hand');
    await remove(kinds.nad, 'by-hand');
    await untilGone();
  });

  test('what a killed sandbox left, the next start removes, and leaves the living one alone', async () => {
    const killed = await SandboxProgram.start('--api', api);
    const children = await killed.children();
    await killed.kill();
    expect((await namespacesOf(killed.prefix)).length).toBeGreaterThan(4);
    // The operator and the servers outside; a real API server comes with an etcd.
    expect(children.filter(isRunning).length).toBe(target === 'real' ? 4 : 2);
    const next = await SandboxProgram.start('--api', api);
    try {
      expect(await namespacesOf(killed.prefix)).toEqual([]);
      // Whoever took them over may not have looked yet that they have ended.
      await eventually('the processes of the killed one are gone', async () =>
        children.some(isRunning) ? undefined : true,
      );
      expect(await curl('http://203.0.113.25')).toMatchObject({ peer: '192.168.12.10' });
    } finally {
      const own = await next.children();
      expect(await next.stop('SIGINT')).toBe(0);
      expect(await namespacesOf(next.prefix)).toEqual([]);
      expect(own.filter(isRunning)).toEqual([]);
    }
  });

  test('a stopped sandbox leaves nothing, whatever runs in it', async () => {
    const other = await SandboxProgram.start('--api', api);
    await applyObject(other.connection, router(), { fieldManager: 'test', signal });
    await eventually('the router’s pod has its network', async () => {
      const { objects } = await listObjects(other.connection, kinds.pod, { namespace, signal });
      const pods = objects.filter(({ metadata }) => metadata.name !== 'client');
      return textAt(pods[0], 'status', 'phase') === 'Running' ? true : undefined;
    });
    const seconds = String(100_000 + process.pid);
    const client = spawn(process.execPath, [
      'dist/sandbox.mjs',
      'client',
      '--dir',
      other.folder,
      '--',
      'sleep',
      seconds,
    ]);
    await eventually('the command runs', async () => {
      const pids = await attempt(['pgrep', '--full', `^sleep ${seconds}$`]);
      return pids.code === 0 ? true : undefined;
    });
    const children = await other.children();
    const over = once(client, 'exit');
    expect(await other.stop()).toBe(0);
    expect(await namespacesOf(other.prefix)).toEqual([]);
    expect(children.filter(isRunning)).toEqual([]);
    await over;
  });
});
