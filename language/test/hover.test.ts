import { expect, test } from 'vitest';
import type { Reconciler } from '#core/egress-router/reconciler.ts';
import { type ClusterFacts, parseClusterFacts } from '#core/relations/cluster-facts.ts';
import { createBaseService } from '#language/base-service.ts';
import { readYamlFile } from '#language/document.ts';
import { hoverAt } from '#language/features/hover/hover.ts';
import { cursorIn, router } from './cursor.ts';

const base = createBaseService();

/** `wanted`: the marked text, and pieces of what is said, in order. */
function check(
  title: string,
  source: string,
  wanted: readonly [marked: string, ...said: string[]] | undefined,
  around: { readonly cluster?: ClusterFacts; readonly reconciler?: Reconciler } = {},
): void {
  test(title, async () => {
    const { text, offset } = cursorIn(source);
    const { cluster, reconciler = 'unknown' } = around;
    const hover = await hoverAt(readYamlFile(text, undefined, { reconciler }), offset, base, cluster);
    if (wanted === undefined || hover === undefined) {
      expect(hover).toBe(wanted);
      return;
    }
    const [marked, ...said] = wanted;
    expect(text.slice(hover.span.start, hover.span.end)).toBe(marked);
    let from = 0;
    for (const piece of said) {
      const at = hover.markdown.indexOf(piece, from);
      expect(at, `${piece} in ${hover.markdown}`).toBeGreaterThanOrEqual(0);
      from = at + piece.length;
    }
  });
}

check('a key', router.replace('gateway', 'gate|way'), [
  'gateway',
  '**gateway**',
  'text',
  'next hop',
  '```yaml\ngateway: 192.168.12.1\n```',
]);
check('an address', router.replace('.12.99/24', '.12|.99/24'), [
  '192.168.12.99/24',
  '**192.168.12.0/24**',
  '192.168.12.0 – 192.168.12.255',
  '256 addresses',
  '**ip**',
  'required',
]);
check('a gateway', router.replace('.12.1\n', '.12|.1\n'), [
  '192.168.12.1',
  '192.168.12.1 is in **192.168.12.0/24**',
]);
check('a gateway elsewhere', router.replace('.12.1\n', '.13|.1\n'), [
  '192.168.13.1',
  'is outside **192.168.12.0/24**',
]);
check('a port', router.replace('8080', '80|80'), [
  '8080',
  'client → router:8080/TCP → **203.0.113.25:80**, seen as **192.168.12.99**',
  '1 to 65535',
]);
check('a protocol', router.replace('TCP', 'T|CP'), ['TCP', 'router:8080/TCP', '`TCP` `UDP` `SCTP`']);
check('a fallback', `${router}    fallbackIP: 203.|0.113.26\n`, [
  '203.0.113.26',
  '*any other port* → **203.0.113.26**, same port, seen as **192.168.12.99**',
]);
check('a field of the metadata', router.replace('name:', 'na|me:'), ['name', 'The name of the router']);
check(
  'a label of which nothing is known',
  router.replace('spec:', '  labels:\n    te|am: x\nspec:'),
  undefined,
);
check('the kind', router.replace('kind', 'ki|nd'), ['kind', 'kind: EgressRouter']);
check(
  'JSON',
  '{"kind": "EgressRouter", "apiVersion": "network.operator.openshift.io/v1", "spec": {"mo|de": "Redirect"}}',
  ['mode', 'default `Redirect`'],
);
check('a comment', router.replace('TCP', 'TCP # |'), undefined);
check('a blank', `${router}|`, undefined);
check('other YAML', 'a: b|c', undefined);
check('another document of the file', `a: b|c\n---\n${router}`, undefined);
check('broken YAML', `${router.replace('8080', '80|80')}      - [`, ['8080', '**port**']);
check(
  'beside a key that nobody has typed yet',
  router.replace('spec:\n', 'spec:\n  : 1\n  po|rt: 1\n'),
  undefined,
);

const cluster = parseClusterFacts({
  context: 'lab',
  routers: [
    { namespace: 'web', name: 'partner-api', addresses: ['192.168.12.99'], rules: [], state: 'Ready' },
  ],
});
check(
  'the name tells what the router does, the defaults in force and its state',
  router.replace('partner', 'part|ner'),
  [
    'partner-api',
    'In cluster lab: **Ready**, as 192.168.12.99',
    '- client → router:8080/TCP → **203.0.113.25:80**, seen as **192.168.12.99**',
    'Connections to other ports are rejected.',
    "Defaults in force: mode `Redirect`, macvlan `Bridge`, the node's NIC in the network of 192.168.12.99.",
    '**name**',
  ],
  { cluster },
);
check(
  'a router of another namespace is another one',
  router.replace('namespace: web', 'namespace: shop').replace('kind', 'ki|nd'),
  ['kind', '- client', 'Defaults in force'],
  { cluster },
);
const second = router.replace('  redirect:', '    - ip: fd12::99/64|\n  redirect:');
check(
  'what the Cluster Network Operator ignores',
  second,
  ['fd12::99/64', '**fd12::/64**', 'The Cluster Network Operator ignores this address', '**ip**'],
  { reconciler: 'cno' },
);
check(
  'a router of the platform has one address',
  `${second.replace('|', '')}      - port: 8081\n        protocol: TCP\n        destination|IP: 2001:db8::25\n`,
  ['destinationIP', '[2001:db8::25]:8081**\n', '**destinationIP**'],
  { reconciler: 'cno' },
);
check(
  'a router of the platform has no fallback',
  `${router.replace('kind', 'ki|nd')}    fallbackIP: 203.0.113.26\n`,
  ['kind', 'Connections to other ports are rejected: the Cluster Network Operator ignores the fallback.'],
  { reconciler: 'cno' },
);
check('who reconciles is not known', second, [
  'fd12::99/64',
  'Where the Cluster Network Operator makes the router: it ignores this address',
]);
test('nothing is said of what a template may write', async () => {
  const rule =
    '      - port: {{ .Values.port }}\n        protocol: TCP\n        destinationIP: 203.0.113.9\n';
  const { text, offset } = cursorIn(`${router.replace('kind', 'ki|nd')}${rule}`);
  const { markdown = '' } = (await hoverAt(readYamlFile(text), offset, base)) ?? {};
  expect(markdown).toContain('router:8080/TCP');
  expect(markdown).not.toMatch(/Defaults in force|other ports/);
});
test('the operator of this project ignores nothing', async () => {
  const { text, offset } = cursorIn(second);
  const file = readYamlFile(text, undefined, { reconciler: 'agent' });
  expect((await hoverAt(file, offset, base))?.markdown).not.toContain('ignores');
});
