// In another language nothing of ours is left in English of what the language server says of manifests.
import { expect, test, vi } from 'vitest';
import { told, toldMarkdown } from '#client/told.ts';
import { parseClusterFacts } from '#core/relations/cluster-facts.ts';
import { readYamlFile } from '#language/document.ts';
import { completionsAt } from '#language/features/completion/completion.ts';
import { hintsIn } from '#language/features/hints.ts';
import { hoverAt } from '#language/features/hover/hover.ts';
import { lensesOf } from '#language/features/lenses.ts';
import { linksOf } from '#language/features/navigation/links.ts';
import { type OutlineSymbol, symbolsOf } from '#language/features/symbols.ts';
import { toFacts } from '#language/objects.ts';
import { untranslated } from '../../test/e2e/pseudo-language.ts';

vi.mock('vscode', async () => {
  const { pseudoL10n } = await import('./pseudo-bundle.ts');
  return { l10n: pseudoL10n() };
});

const router = `apiVersion: network.operator.openshift.io/v1
kind: EgressRouter
metadata:
  name: text
  namespace: web
  labels: { app: a }
  annotations: { contact: a }
spec:
  mode: Redirect
  addresses:
    - ip: 192.168.12.99/24
      gateway: 192.168.12.1
    - ip: fd12::99/64
      gateway: fd12::1
  redirect:
    redirectRules:
      - port: 8080
        protocol: TCP
        destinationIP: 203.0.113.25
        targetPort: 80
      - port: 53
        protocol: UDP
        destinationIP: 2001:db8::25
    fallbackIP: 203.0.113.26
  networkInterface:
    macvlan:
      mode: Bridge
      master: ens5
`;
const short = `apiVersion: network.operator.openshift.io/v1
kind: EgressRouter
metadata: { name: required, namespace: web }
spec:
  addresses:
    - ip: 192.168.12.98/24
      gateway: 192.168.13.1
    - ip: fd12::98/64
  redirect:
    redirectRules:
${Array.from({ length: 12 }, (_, index) => `      - { port: ${9000 + index}, protocol: TCP, destinationIP: 203.0.113.25 }`).join('\n')}
`;
const nad = `apiVersion: k8s.cni.cncf.io/v1
kind: NetworkAttachmentDefinition
metadata: { name: egress-router-cni-nad, namespace: web }
spec:
  config: '{ "cniVersion": "0.4.0", "type": "egress-router", "name": "a", "ip": { "addresses": ["192.168.12.97/24"],
    "gateway": "192.168.12.1", "destinations": ["8080 TCP 203.0.113.25 80", "203.0.113.26"] },
    "interfaceType": "macvlan", "interfaceArgs": { "mode": "bridge", "master": "ens5", "mtu": "1400" }, "log_level": "debug" }'
`;
const service = `apiVersion: v1
kind: Service
metadata: { name: text, namespace: web }
spec:
  selector: { app: egress-router-cni }
  ports:
    - name: tcp-8080
      port: 8080
      protocol: TCP
      targetPort: 8080
    - port: 1
`;
const legacy = `apiVersion: v1
kind: Pod
metadata:
  name: old
  annotations: { pod.network.openshift.io/assign-macvlan: "true" }
spec:
  initContainers:
    - name: egress-router
      image: quay.io/openshift/origin-egress-router
      env:
        - { name: EGRESS_SOURCE, value: 192.168.12.99 }
        - { name: EGRESS_GATEWAY, value: 192.168.12.1 }
        - name: EGRESS_DESTINATION
          value: |
            8080 tcp 203.0.113.25 80
            203.0.113.26
        - { name: EGRESS_ROUTER_MODE, value: init }
        - { name: EGRESS_HTTP_PROXY_DESTINATION, value: "*" }
        - { name: EGRESS_DNS_PROXY_DESTINATION, value: "*" }
`;
const all = [router, short, nad, service, legacy];
const state = { namespace: 'web', addresses: ['192.168.12.99'], rules: [] };
const cluster = parseClusterFacts({
  context: 'okd',
  routers: [
    { ...state, name: 'text', state: 'Ready' },
    { ...state, name: 'other', state: 'Ready', rules: [{ destinationIP: '203.0.113.77' }] },
  ],
  nodes: [{ name: 'n1', interfaces: [{ name: 'ens5', addresses: ['192.168.12.3/24'] }] }],
});

/** What is left outside of brackets, without blocks of code, and what stands as in a manifest or in the API. */
function leftOf(shown: string): readonly string[] {
  const rest = untranslated(
    shown.replace(/```[^]*?```/g, '').replace(/`[^`]*`|\*\*[\w./-]+\*\*|\w+: [A-Z]\w+/g, ''),
  );
  return /[A-Za-z]{3,}/.test(rest) && !knownNames.test(rest.trim()) ? [shown] : [];
}

const knownNames =
  /^(?:NetworkAttachmentDefinition|EgressRouter|Service|\d+\/(?:TCP|UDP) → \S+|(?:[A-Z]+|MySQL|PostgreSQL)\.)?(?: · )?(?:web)?$/;

/** In each word, and before it. */
function offsets(text: string): readonly number[] {
  return [...text.matchAll(/[\w./"-]+/g)].flatMap(({ index }) => [index, index + 1]);
}

test.each(['cno', 'agent', 'unknown'] as const)('what is said on hover, under %s', async (reconciler) => {
  const base = { hover: async () => undefined, format: async () => undefined };
  const said = new Set<string>();
  for (const text of all) {
    const file = readYamlFile(text, undefined, { reconciler });
    for (const offset of offsets(text)) {
      const hover = await hoverAt(file, offset, base, cluster);
      if (hover !== undefined) said.add(toldMarkdown(hover.markdown));
    }
  }
  expect(said.size).toBeGreaterThan(50);
  expect([...said].flatMap(leftOf)).toEqual([]);
});

test('what is offered', () => {
  const facts = all.flatMap((text) =>
    readYamlFile(text).slices.flatMap(({ content }) => (content?.objects ?? []).map(toFacts)),
  );
  const said = new Set<string>();
  const broken = all.flatMap((text) => [
    text,
    text.replace(/: [\w.]+$/gm, ': '),
    text.replace(/\w+:.*$/gm, ''),
  ]);
  for (const text of [...broken, '']) {
    const file = readYamlFile(text);
    for (const offset of [...offsets(text), text.length]) {
      for (const { detail = '', documentation } of completionsAt(file, offset, { facts, cluster })) {
        said.add(toldMarkdown(documentation));
        said.add(told(detail));
      }
    }
  }
  expect(said.size).toBeGreaterThan(50);
  expect([...said].flatMap(leftOf)).toEqual([]);
});

test('what stands beside the text: lenses, hints, outline, links', () => {
  const namesOf = (symbol: OutlineSymbol): readonly string[] => [
    ...(symbol.name.includes(' ') ? [told(symbol.name)] : []),
    told(symbol.detail),
    ...symbol.children.flatMap(namesOf),
  ];
  const said = all.flatMap((text) => {
    const file = readYamlFile(text);
    return [
      ...lensesOf(file, cluster).map(({ title }) => told(title)),
      ...hintsIn(file, { start: 0, end: text.length }).flatMap(({ label, tooltip }) => [
        told(label),
        told(tooltip),
      ]),
      ...symbolsOf(file).flatMap(namesOf),
    ];
  });
  const named = all.map((text, index) => ({ uri: `file:///${index}.yaml`, file: readYamlFile(text) }));
  const links = named.flatMap((one) => linksOf(named, one).map(({ tooltip }) => told(tooltip)));
  expect(links).toContain('⟦Open the router that this selects⟧');
  expect(said).toContain('⟦● ⟦Ready⟧ in okd⟧');
  expect([...said, ...links].flatMap(leftOf)).toEqual([]);
});

test('a name of the cluster that is a word elsewhere stays', () => {
  expect(told('There is a router named text already: choose another name.')).toBe(
    '⟦There is a router named text already: choose another name.⟧',
  );
});
