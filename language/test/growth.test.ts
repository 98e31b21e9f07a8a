import { afterAll, expect, test } from 'vitest';
import { freeAddresses } from '#core/egress-router/candidates/address-candidates.ts';
import { migrateDestination } from '#core/legacy/migrate/migrate-destination.ts';
import type { ValueEdit } from '#core/problem.ts';
import type { Facts } from '#core/relations/facts.ts';
import { readYamlFile, type YamlFile } from '#language/document.ts';
import { toTextEdits } from '#language/edits/value-edits.ts';
import { migrationsAt } from '#language/migration/migration.ts';
import { toFacts } from '#language/objects.ts';
import { parseSlice } from '#language/yaml/parsed.ts';
import { router } from './cursor.ts';
import { WorkCount } from './work.ts';

const work = new WorkCount();
afterAll(() => work.end());

/**
 * What may be long in a workspace, and what is asked of it: twice as much of it takes twice the work, not four times.
 * The work is counted, not timed.
 */
function check<T>(title: string, size: number, prepare: (size: number) => T, task: (of: T) => unknown): void {
  test(title, () => {
    expect(work.growth(prepare, task, size)).toBeLessThan(2.2);
  });
}

const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_one, index) => line(index)).join('');
const indented = (text: string): string => text.trimEnd().replaceAll('\n', '\n    ');

function factsOf(count: number): readonly Facts[] {
  const text = lines(count, (index) => {
    const network = `10.${index >> 8}.${index & 255}`;
    return `${router.replace('192.168.12.99', `${network}.9`).replace('192.168.12.1', `${network}.1`)}---\n`;
  });
  return readYamlFile(text).slices.flatMap(({ content }) => (content?.objects ?? []).map(toFacts));
}

check('free addresses of many networks', 50, factsOf, (facts) => {
  expect(freeAddresses({ facts }, new Set())).not.toEqual([]);
});

const legacyPod = (name: string, destination: string): string => `apiVersion: v1
kind: Pod
metadata: {name: ${name}, annotations: {pod.network.openshift.io/assign-macvlan: "true"}}
spec:
  initContainers:
    - name: egress-router
      image: registry.redhat.io/openshift3/ose-egress-router
      securityContext: {privileged: true}
      env:
        - {name: EGRESS_SOURCE, value: 192.168.12.99}
        - {name: EGRESS_GATEWAY, value: 192.168.12.1}
        - {name: EGRESS_DESTINATION, ${destination}}
        - {name: EGRESS_ROUTER_MODE, value: init}
`;

function templateOf(count: number): YamlFile {
  const pods = lines(count, (index) => `  - ${indented(legacyPod(`p${index}`, 'value: 203.0.113.25'))}\n`);
  return readYamlFile(
    `apiVersion: template.openshift.io/v1\nkind: Template\nmetadata: {name: t}\nobjects:\n${pods}`,
  );
}

/** The migrations that a selection of the whole file is offered, and the text of the first one. */
function migrate(file: YamlFile): void {
  const [first] = migrationsAt(file, { start: 0, end: file.text.length });
  if (first?.outcome.kind !== 'migrated') throw new Error('Nothing can be migrated.');
  expect(first.outcome.edits()).not.toEqual([]);
}

check('migration of a Template of many routers', 8, templateOf, migrate);
check(
  'migration of a destination of many lines, as a ConfigMap may hold it',
  500,
  (count) => lines(count, (index) => `# line ${index}\n${index + 1} tcp 203.0.113.25\n`),
  (text) => expect(migrateDestination(text).reasons).toEqual([]),
);

const withRules = (count: number): string =>
  router +
  lines(count, (index) => `      - {port: ${index + 1}, protocol: TCP, destinationIP: 203.0.113.25}\n`);
const rule = ['spec', 'redirect', 'redirectRules', 100];

test.each<[string, ValueEdit]>([
  ['replaced', { kind: 'replace', path: [...rule, 'protocol'], value: 'UDP' }],
  ['renamed', { kind: 'rename', path: [...rule, 'protocol'], key: 'proto' }],
  ['removed', { kind: 'remove', path: rule }],
  ['added to', { kind: 'add', path: [...rule, 'targetPort'], value: 80 }],
  ['added beside', { kind: 'add', path: ['spec', 'mode'], value: 'Redirect' }],
])('a value of a long document is %s for little more work than the document is read', (_title, edit) => {
  const text = withRules(300);
  const parsed = parseSlice(text);
  toTextEdits(parsed, [edit]);
  const reading = work.of(() => parseSlice(text));
  expect(work.of(() => expect(toTextEdits(parsed, [edit])).toBeDefined())).toBeLessThan(1.5 * reading);
});
