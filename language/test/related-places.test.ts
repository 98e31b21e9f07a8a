// A finding that lies between two places leads to the other one. The rows of the checks are those of check-rows.test.ts.
import { expect, test } from 'vitest';
import { parseClusterFacts } from '#core/relations/cluster-facts.ts';
import { readYamlFile } from '#language/document.ts';
import { Workspace } from '#language/workspace.ts';
import { allRows } from './rows/all-rows.ts';
import type { CheckRow } from './rows/check-row.ts';

/** What is said of the other place, and the text that is marked there; empty where a finding of the code has none. */
const places: Readonly<Record<string, readonly string[]>> = {
  'duplicate-address': ['The same address. → 192.168.12.99/24'],
  'duplicate-rule': ['The first rule for TCP port 8080, to 203.0.113.25 port 80. → 8080'],
  'destination-is-network': ["The router's address. → 192.168.12.99/24"],
  'destination-is-own-address': ["The router's address. → 192.168.12.99/24"],
  'cno-ignores-address': ['The address that the router gets. → 192.168.12.99/24'],
  'fallback-repeats-rule': ['The fallback. → 203.0.113.25'],
  'second-router': ['The first router of the namespace. → partner-api'],
  'same-name': ['The first one. → partner-api'],
  'service-port-without-rule': ['The rules of the router. → redirectRules'],
  'service-selects-nothing': ['The router. → partner-api'],
  'service-shared-selector': ['The router. → partner-api, The other router. → billing'],
  'service-protocol': ['The protocol of the rule. → TCP', 'The protocol of the rule. → UDP'],
  'service-target-port': ['', 'The rules of the router. → redirectRules'],
  'service-port-repeated': [
    'The first one with 30080. → 30080',
    'The first one with 8080/TCP. → 8080',
    'The first one with web. → web',
  ],
  'rule-without-service-port': ['The ports of the Service. → ports'],
  'nad-disagrees': ['The rule of the router. → port'],
  'nad-beside-router': ['The router. → partner-api'],
  'legacy-destination-missing': ['', 'The egress router that reads it. → configMapKeyRef'],
  'legacy-destination-invalid': ['', 'The egress router that reads it. → configMapKeyRef'],
  'legacy-destination-duplicate': ['', 'The egress router that reads it. → configMapKeyRef'],
  'legacy-service-selector': ['The egress router. → egress-partner'],
  'config-map-key': ['The ConfigMap. → egress-routes'],
  'config-map-missing': ['The ConfigMap of another namespace. → egress-routes'],
  'patch-leads-nowhere': ['', 'The router that the patch is for. → partner-api'],
  'duplicate-key': ['', 'Here it stands first. → protocol'],
};

for (const code of new Set(allRows.map((row) => row.code))) {
  test(`the other places of ${code}`, () => {
    const found = allRows.filter((row) => row.code === code).flatMap(placesOf);
    expect([...new Set(found)].toSorted()).toEqual(places[code] ?? ['']);
  });
}

function placesOf({ code, raises, reconciler = 'unknown', cluster }: CheckRow): readonly string[] {
  const marked = typeof raises === 'string' ? { 'file:///manifest.yaml': raises } : raises;
  const files = new Map(Object.entries(marked).map(([uri, text]) => [uri, text.replace(/[«»]/g, '')]));
  const workspace = new Workspace();
  if (cluster !== undefined) workspace.setContext({ cluster: parseClusterFacts(cluster) });
  for (const [uri, text] of files) workspace.setFile(uri, readYamlFile(text, undefined, { reconciler }));
  return [...files.keys()].flatMap((uri) =>
    workspace
      .diagnosticsOf(uri)
      .filter(({ diagnostic }) => diagnostic.code === code)
      .map(({ related }) =>
        related
          .map(({ message, uri: at, span }) => `${message} → ${files.get(at)?.slice(span.start, span.end)}`)
          .join(', '),
      ),
  );
}
