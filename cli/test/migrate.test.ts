import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { run } from '#cli/run.ts';

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function migrate(args: readonly string[], stdin = ''): Promise<Said> {
  const said = { out: '', err: '' };
  const code = await run(['migrate', ...args], {
    stdout: (text) => void (said.out += text),
    stderr: (text) => void (said.err += text),
    copy: () => undefined,
    readStdin: () => Promise.resolve(Buffer.from(stdin)),
    signal: new AbortController().signal,
  });
  return { code, ...said };
}

const samples = fileURLToPath(new URL('../../samples/legacy/', import.meta.url));

function sample(name: string): string {
  return readFileSync(`${samples}egress-router-${name}.yaml`, 'utf8');
}

for (const name of ['pod', 'deployment', 'template', 'list']) {
  test(`the sample of a ${name} as an EgressRouter`, async () => {
    const { code, out } = await migrate([`${samples}egress-router-${name}.yaml`]);
    const wanted = new URL(`migrated/egress-router-${name}.yaml`, import.meta.url);
    expect(out).toBe(readFileSync(wanted, 'utf8'));
    expect(code).toBe(0);
  });
}

test('what a router is called makes no line of its own', async () => {
  const text = sample('pod').replace(/name: .*/, String.raw`name: "a\nprod/b was migrated."`);
  const { err } = await migrate(['-'], text);
  expect(err).toMatch(/^\(stdin\): .*a\\nprod\/b was migrated\./);
});

test('what was lost and what is left to do is told beside the result', async () => {
  const { err } = await migrate(['-'], sample('list'));
  expect(err).toBe(`(stdin): ReplicationController "egress-archive" in namespace "archive" was migrated.
  To do: Delete ReplicationController "egress-archive" before you apply the EgressRouter: both would own 192.168.12.96.
  To do: See that its namespace has no other EgressRouter: under the Cluster Network Operator there is room for one.
  Lost: The labels of the pods (name=egress-archive) become app=egress-router-cni: change what else selects pods by them, such as a NetworkPolicy.
  Lost: Where the Cluster Network Operator makes the router, the macvlan mode "Private" is ignored.
  Lost: Where the Cluster Network Operator makes the router, fallbackIP 203.0.113.60 is ignored: write a rule for each port that clients use.
`);
});

test('a folder of them, whose parts are in several documents', async () => {
  const { code, out, err } = await migrate([samples, '-o', 'json']);
  const { items }: { items: readonly { kind: string }[] } = JSON.parse(out);
  expect(items.map(({ kind }) => kind).join(' ')).toBe(Array(4).fill('EgressRouter Service').join(' '));
  expect(err).toContain('ConfigMap "egress-routes" is no longer read');
  expect(code).toBe(0);
});

test('the prefix length that the source does not tell', async () => {
  const bare = sample('pod').replace('192.168.12.95/24', '192.168.12.99');
  expect((await migrate(['-'], bare)).out).toContain('ip: 192.168.12.99/24\n');
  expect((await migrate(['-'], bare)).err).toContain(
    'Please check: EGRESS_SOURCE 192.168.12.99 does not say',
  );
  const told = await migrate(['-', '--prefix-length', '22'], bare);
  expect(told.out).toContain('ip: 192.168.12.99/22\n');
  expect(told.err).not.toContain('Please check');
});

test('the Services of whoever makes the routers', async () => {
  const text = sample('pod');
  expect((await migrate(['-'], text)).out).toContain('app: egress-router-cni\n');
  const { out, err } = await migrate(['-', '--reconciler', 'agent'], text);
  expect(out).toContain('selector:\n    egress-router-tools/router: egress-partner\n');
  expect(err).not.toContain('Cluster Network Operator');
  const linted = { text: '' };
  const say = (chunk: string): void => void (linted.text += chunk);
  const code = await run(['lint', '-'], {
    stdout: say,
    stderr: say,
    copy: () => undefined,
    readStdin: () => Promise.resolve(Buffer.from(out)),
    signal: new AbortController().signal,
  });
  expect({ code, ...linted }).toEqual({
    code: 0,
    text: expect.not.stringMatching(/cno|warning [a-z]|information/),
  });
  expect((await migrate(['-', '--reconciler', 'me'])).code).toBe(2);
});

test('two routers of one name and namespace say so of each other', async () => {
  const archive = sample('list');
  const twin = sample('pod')
    .replaceAll('egress-partner', 'egress-archive')
    .replaceAll('namespace: demo', 'namespace: archive');
  const { out, err } = await migrate(['-', '--reconciler', 'agent'], `${twin}---\n${archive}`);
  const said = (other: string): string =>
    `  Please check: EgressRouter "egress-archive" also comes of ${other} "egress-archive" in namespace "archive" of (stdin): of those in one namespace, the one that is applied last replaces the others. Keep one, or give each a name of its own.\n`;
  expect(err).toContain(said('ReplicationController'));
  expect(err).toContain(said('Pod'));
  expect(out.match(/# Please check: EgressRouter "egress-archive" also comes of/g)).toHaveLength(2);
  const apart = await migrate(
    ['-'],
    `${twin.replaceAll('namespace: archive', 'namespace: b')}---\n${archive}`,
  );
  expect(apart.err).not.toContain('also comes of');
});

test('what cannot be migrated is refused, and the others are migrated', async () => {
  const proxy = sample('pod').replace('value: init', 'value: http-proxy');
  const alone = await migrate(['-'], proxy);
  expect(alone).toMatchObject({ code: 1, out: '' });
  expect(alone.err).toMatch(
    /^\(stdin\): Pod "egress-partner" in namespace "demo" cannot be migrated\. An HTTP proxy/,
  );
  const both = await migrate(['-'], `${proxy}---\n${sample('list')}`);
  expect(both.code).toBe(1);
  expect(both.out).toContain('# Migrated from ReplicationController "egress-archive"');
});

test('pods that something makes are passed over', async () => {
  const owner = `  ownerReferences:\n    - kind: ReplicaSet\n      name: r\n      controller: true\n`;
  const owned = sample('pod').replace('  namespace: demo\n', `  namespace: demo\n${owner}`);
  const { code, out, err } = await migrate(['-'], `${owned}---\n${sample('list')}`);
  expect(err).toMatch(/^\(stdin\): Pod "egress-partner" .* is passed over: ReplicaSet "r" makes it\.\n/);
  expect(out).not.toContain('egress-partner');
  expect(code).toBe(0);
});

test("a Template's numbers are no template expressions, those of Helm are", async () => {
  const openshift = sample('list').replace('replicas: 1', 'replicas: ${{REPLICAS}}');
  expect((await migrate(['-'], openshift)).code).toBe(0);
  const helm = sample('list').replace('192.168.12.96/24', '{{ .Values.source }}');
  expect(await migrate(['-'], helm)).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringMatching(/^\(stdin\): The document is a template: render it first/),
  });
});

test('nothing to migrate, and called in a wrong way', async () => {
  expect(await migrate(['-'], 'kind: Service\n')).toEqual({
    code: 1,
    out: '',
    err: 'There is no egress router of OpenShift SDN to migrate.\n',
  });
  const broken = await migrate(['-'], 'kind: Pod\nimage: [ose-egress-router\n');
  expect(broken.code).toBe(1);
  expect(broken.err).toMatch(/^\(stdin\): The document cannot be read as YAML: /);
  expect((await migrate(['-', '--prefix-length', '32'])).err).toMatch(
    /^--prefix-length must be a number from 1 to 31/,
  );
  expect((await migrate(['-', '--prefix-length', '32'])).code).toBe(2);
});

test('a comment stays a comment, whatever is in it', async () => {
  const text = sample('list').replace('203.0.113.60\n', '"# a\\rb: c\\u2028d\\n203.0.113.60"\n');
  expect((await migrate(['-'], text)).out).toContain('    # a b: c d\n    fallbackIP: 203.0.113.60\n');
});
