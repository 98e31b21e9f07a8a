import { expect, test } from 'vitest';
import { parseClusterFacts } from '#core/relations/cluster-facts.ts';
import { readYamlFile } from '#language/document.ts';
import { lensesOf } from '#language/features/lenses.ts';
import { routersOf } from '#language/features/routers.ts';
import { symbolsOf } from '#language/features/symbols.ts';
import { migrationLensesOf } from '#language/migration/migration-lenses.ts';
import { head, router } from './cursor.ts';

function at(text: string, { start, end }: { start: number; end: number }): string {
  return text.slice(start, end);
}

test('the outline shows each router with its addresses and rules', () => {
  const text = `a: 1\n---\n${router}    fallbackIP: 203.0.113.26\n`;
  const [found] = symbolsOf(readYamlFile(text));
  expect(found && [found.name, found.detail, at(text, found.selection)]).toEqual([
    'partner-api',
    'web',
    'partner-api',
  ]);
  expect(found?.children.map(({ name, detail, kind }) => [kind, name, detail])).toEqual([
    ['address', '192.168.12.99/24', 'via 192.168.12.1'],
    ['rule', '8080/TCP → 203.0.113.25:80', ''],
    ['fallback', 'other ports → 203.0.113.26', ''],
  ]);
});

test('the outline shows what is written where a template fills it in, and nothing can be deployed', () => {
  const service =
    'apiVersion: v1\nkind: Service\nmetadata: {name: "{{ .Release.Name }}-x", namespace: web}\n';
  const text = `${router.replace('partner-api', '{{ .Release.Name }}').replace('web', 'of-{{ .Values.team }}')}---\n${service}spec: {selector: {app: egress-router-cni}}\n`;
  const file = readYamlFile(text);
  expect(symbolsOf(file).map(({ name, detail }) => [name, detail])).toEqual([
    ['{{ .Release.Name }}', 'of-{{ .Values.team }}'],
    ['"{{ .Release.Name }}-x"', 'Service · web'],
  ]);
  expect(lensesOf(file)).toEqual([]);
});

test('the outline shows the objects beside a router, at their places', () => {
  const service =
    'apiVersion: v1\nkind: Service\nmetadata: {name: api, namespace: web}\nspec: {selector: {app: egress-router-cni}}\n';
  const text = `${router}---\n${service}`;
  const shown = (source: string) =>
    symbolsOf(readYamlFile(source)).map(({ name, detail, selection }) => [
      name,
      detail,
      at(source, selection),
    ]);
  const wanted = [
    ['partner-api', 'web', 'partner-api'],
    ['api', 'Service · web', 'api'],
  ];
  expect(shown(text)).toEqual(wanted);
  expect(shown(`# moved\n---\n${text}`)).toEqual(wanted);
});

test('each router has its actions above its first line', () => {
  const text = `---\n${router}---\n${head.replace('partner-api', 'second')}`;
  expect(
    lensesOf(readYamlFile(text)).map(({ title, command, span, target }) => [
      title,
      command,
      at(text, span),
      target.name,
      target.namespace,
    ]),
  ).toEqual([
    ['Deploy', 'egressRouter.deploy', 'apiVersion', 'partner-api', 'web'],
    ['Diff', 'egressRouter.diff', 'apiVersion', 'partner-api', 'web'],
    ['Expose', 'egressRouter.expose', 'apiVersion', 'partner-api', 'web'],
    ['Tear Down', 'egressRouter.teardown', 'apiVersion', 'partner-api', 'web'],
    ['Deploy', 'egressRouter.deploy', 'apiVersion', 'second', undefined],
    ['Diff', 'egressRouter.diff', 'apiVersion', 'second', undefined],
    ['Expose', 'egressRouter.expose', 'apiVersion', 'second', undefined],
    ['Tear Down', 'egressRouter.teardown', 'apiVersion', 'second', undefined],
  ]);
});

test('what something else makes is not migrated', () => {
  const owned =
    'ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: egress, uid: u, controller: true}]';
  const pod = `apiVersion: v1
kind: Pod
metadata: {name: egress, annotations: {pod.network.openshift.io/assign-macvlan: "true"}}
spec: {containers: [{name: egress-router, image: openshift3/ose-egress-router}]}
`;
  const lensesIn = (text: string): readonly string[] =>
    migrationLensesOf(readYamlFile(text)).map(
      ({ span, target }) => `${at(text, span)} ${at(text, target).slice(-3)}`,
    );
  expect(lensesIn(`${router}---\n${pod}`)).toEqual(['apiVersion }]}']);
  expect(lensesIn(pod.replace('name: egress,', `name: egress, ${owned},`))).toEqual([]);
});

test('a router that the cluster has shows its state', () => {
  const cluster = parseClusterFacts({
    context: 'lab',
    routers: [{ namespace: 'web', name: 'partner-api', addresses: [], rules: [], state: 'Ready' }],
  });
  const statesOf = (text: string): readonly string[] =>
    lensesOf(readYamlFile(text), cluster).flatMap(({ title, command }) =>
      command === 'egressRouter.reveal' ? [title] : [],
    );
  expect(statesOf(router)).toEqual(['● Ready in lab']);
  expect(statesOf(router.replace('namespace: web', 'namespace: shop'))).toEqual([]);
  expect(statesOf(router.replace('  namespace: web\n', ''))).toEqual(['● Ready in lab']);
});

test('a router without a name has no actions', () => {
  expect(lensesOf(readYamlFile(head.replace('name: partner-api', '{}')))).toEqual([]);
});

/** `wanted`: the text of each router of the file, without markers and blank lines. */
function checkSpans(title: string, text: string, wanted: readonly string[]): void {
  test(title, () => {
    expect(routersOf(readYamlFile(text)).map(({ span }) => at(text, span))).toEqual(wanted);
  });
}

checkSpans('a router alone', router, [router.trimEnd()]);
checkSpans('between markers', `---\n${router}---\n${router}\n\n...\n`, [router.trimEnd(), router.trimEnd()]);
checkSpans('behind a comment', `# first\n---\n\n${router}`, [router.trimEnd()]);
checkSpans('a comment of its own', `# first\n${router}`, [`# first\n${router}`.trimEnd()]);
checkSpans('other documents around it', `a: 1\n---\n${router}---\nb: 2\n`, [router.trimEnd()]);

test('commands get the object as plain data', () => {
  const [found] = routersOf(readYamlFile(router));
  expect(found?.object).toEqual({
    apiVersion: 'network.operator.openshift.io/v1',
    kind: 'EgressRouter',
    metadata: { name: 'partner-api', namespace: 'web' },
    spec: {
      addresses: [{ ip: '192.168.12.99/24', gateway: '192.168.12.1' }],
      redirect: {
        redirectRules: [{ port: 8080, protocol: 'TCP', destinationIP: '203.0.113.25', targetPort: 80 }],
      },
    },
  });
});

test('a router with problems is data all the same, broken YAML and templates are not', () => {
  const objectOf = (text: string): unknown => routersOf(readYamlFile(text))[0]?.object;
  expect(objectOf(router.replace('8080', '80800'))).toBeDefined();
  expect(objectOf(router.replace('TCP', '"TCP'))).toBeUndefined();
  expect(objectOf(router.replace('TCP', '{{ .Values.protocol }}'))).toBeUndefined();
  expect(objectOf(`${router}kind: EgressRouter\n`)).toBeUndefined();
  expect(objectOf(router.replace('name: partner-api', 'generateName: partner-'))).toBeUndefined();
});

test('errors come before warnings', () => {
  const text = router.replace('8080', '010').replace('.12.1\n', '.13.1\n');
  const [found] = routersOf(readYamlFile(text.replace('targetPort: 80', 'targetPort: 0')));
  expect(found?.diagnostics.map(({ severity }) => severity)).toEqual(['error', 'error', 'warning']);
});
