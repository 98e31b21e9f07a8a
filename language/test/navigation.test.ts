import { expect, test } from 'vitest';
import { readYamlFile } from '#language/document.ts';
import { definitionsAt, referencesAt } from '#language/features/navigation/definition.ts';
import { highlightsAt } from '#language/features/navigation/highlights.ts';
import { linksOf } from '#language/features/navigation/links.ts';
import type { NamedFile, PlaceInFile } from '#language/features/navigation/related-objects.ts';
import { renamableAt, renameAt } from '#language/features/navigation/rename.ts';
import { applyEdits } from '#language/text/text-edit.ts';
import { router } from './cursor.ts';

type Texts = Readonly<Record<string, string>>;

/** The files of a workspace; the `|` in one of them is where the cursor stands. */
function workspaceOf(texts: Texts): { files: readonly NamedFile[]; at: NamedFile; offset: number } {
  const cursor = Object.entries(texts).find(([, text]) => text.includes('|'));
  if (cursor === undefined) throw new Error('There is no cursor');
  const files = Object.entries(texts).map(([uri, text]) => ({
    uri,
    file: readYamlFile(uri === cursor[0] ? text.replace('|', '') : text),
  }));
  const at = files.find(({ uri }) => uri === cursor[0]);
  if (at === undefined) throw new Error('There is no file with the cursor');
  return { files, at, offset: cursor[1].indexOf('|') };
}

/** `b.yaml: app: egress-router-cni`, the line with what is meant between « and ». */
function shown(files: readonly NamedFile[], { uri, span }: PlaceInFile): string {
  const text = files.find((one) => one.uri === uri)?.file.text ?? '';
  const start = text.lastIndexOf('\n', span.start - 1) + 1;
  const end = text.indexOf('\n', span.end);
  const marked = `${text.slice(start, span.start)}«${text.slice(span.start, span.end)}»${text.slice(span.end, end)}`;
  return `${uri}: ${marked.trim()}`;
}

function checkDefinition(title: string, texts: Texts, wanted: readonly string[]): void {
  test(`definition: ${title}`, () => {
    const { files, at, offset } = workspaceOf(texts);
    expect(definitionsAt(files, at, offset).map((place) => shown(files, place))).toEqual(wanted);
  });
}

function checkReferences(title: string, texts: Texts, wanted: readonly string[]): void {
  test(`references: ${title}`, () => {
    const { files, at, offset } = workspaceOf(texts);
    const found = referencesAt(files, at, offset, { withDefinition: true });
    expect(found.map((place) => shown(files, place))).toEqual(wanted);
  });
}

/** `wanted`: the files that change, or why none does. */
function checkRename(title: string, texts: Texts, newName: string, wanted: Texts | string): void {
  test(`rename: ${title}`, () => {
    const { files, at, offset } = workspaceOf(texts);
    const found = renameAt(files, at, offset, newName);
    if (found.kind === 'refused' || typeof wanted === 'string') {
      expect(found).toEqual({
        kind: 'refused',
        reason: expect.stringContaining(typeof wanted === 'string' ? wanted : ''),
      });
      return;
    }
    const changed = files.flatMap(({ uri, file }) => {
      const edits = found.edits.get(uri);
      return edits === undefined ? [] : [[uri, applyEdits(file.text, edits)]];
    });
    expect(Object.fromEntries(changed)).toEqual(wanted);
  });
}

const service = `apiVersion: v1
kind: Service
metadata:
  name: partner-api
  namespace: web
spec:
  selector:
    app: egress-router-cni
  ports:
    - name: tcp-8080
      protocol: TCP
      port: 80
      targetPort: 8080
`;
const elsewhere = router.replace('namespace: web', 'namespace: shop');
const pod = `apiVersion: v1
kind: Pod
metadata:
  name: egress-1
  labels: {name: egress-1}
  annotations: {pod.network.openshift.io/assign-macvlan: "true"}
spec:
  initContainers:
    - name: egress-router
      image: registry.redhat.io/openshift4/ose-egress-router
      env:
        - name: EGRESS_ROUTER_MODE
          value: init
        - name: EGRESS_DESTINATION
          valueFrom:
            configMapKeyRef:
              name: egress-routes
              key: destination
`;
const configMap = `apiVersion: v1
kind: ConfigMap
metadata:
  name: egress-routes
data:
  destination: |
    80 tcp 203.0.113.25
`
  .replace('|\n', '"80 tcp 203.0.113.25"\n')
  .replace('    80 tcp 203.0.113.25\n', '');

const nad = `apiVersion: k8s.cni.cncf.io/v1
kind: NetworkAttachmentDefinition
metadata:
  name: egress-router-cni-nad
  namespace: web
spec:
  config: '{"cniVersion": "0.4.0", "type": "egress-router"}'
`;

const name = 'r.yaml: name: «partner-api»';
checkDefinition(
  'from the selector of a Service to its router',
  {
    'r.yaml': router,
    'x.yaml': elsewhere,
    's.yaml': service.replace('egress-router-cni', 'egress|-router-cni'),
  },
  [name],
);
checkDefinition(
  'from a port of a Service to the rule',
  { 'r.yaml': router, 's.yaml': service.replace('targetPort: 8080', 'targetPort: 80|80') },
  ['r.yaml: - port: «8080»'],
);
checkDefinition(
  'from a port of a Service to the rule of its protocol',
  {
    'r.yaml': `${router}      - {port: 8080, protocol: UDP, destinationIP: 203.0.113.25}\n`,
    's.yaml': service
      .replace('protocol: TCP', 'protocol: UDP')
      .replace('targetPort: 8080', 'targetPort: 80|80'),
  },
  ['r.yaml: - {port: «8080», protocol: UDP, destinationIP: 203.0.113.25}'],
);
checkDefinition(
  'from a NAD to its router',
  { 'r.yaml': router, 'n.yaml': nad.replace('cni-nad', 'cni|-nad') },
  [name],
);
checkDefinition(
  'a Service that selects something else',
  { 'r.yaml': router, 's.yaml': service.replace('egress-router-cni', 'egress-|frontend') },
  [],
);
checkDefinition('a name is its own definition', { 'r.yaml': router.replace('partner-api', 'part|ner-api') }, [
  name,
]);
checkDefinition('an address has none', { 'r.yaml': router.replace('.12.1\n', '.12|.1\n') }, []);
checkDefinition(
  'from a router of OpenShift SDN to the key of its ConfigMap',
  { 'p.yaml': pod.replace('key: dest', 'key: de|st'), 'c.yaml': configMap },
  ['c.yaml: «destination»: "80 tcp 203.0.113.25"'],
);
checkDefinition(
  'within one file without a namespace',
  {
    'r.yaml': `${router}---\n${service}`
      .replaceAll('  namespace: web\n', '')
      .replace('egress-router-cni', 'egress|-router-cni'),
    'x.yaml': router.replace('  namespace: web\n', ''),
  },
  [name],
);

const selected = 's.yaml: app: «egress-router-cni»';
const serviceName = 's.yaml: name: «partner-api»';
checkReferences(
  'of a router',
  { 'r.yaml': router.replace('partner-api', 'part|ner-api'), 's.yaml': service, 'x.yaml': elsewhere },
  [name, serviceName, selected],
);
checkReferences('from its Service', { 'r.yaml': router, 's.yaml': service.replace('partner', 'part|ner') }, [
  name,
  serviceName,
  selected,
]);
checkReferences(
  'of a router that has a NAD',
  { 'r.yaml': router.replace('partner-api', 'part|ner-api'), 'n.yaml': nad, 's.yaml': service },
  [name, serviceName, selected, 'n.yaml: name: «egress-router-cni-nad»'],
);
checkReferences('of a rule', { 'r.yaml': router.replace('TCP', 'T|CP'), 's.yaml': service }, [
  'r.yaml: - port: «8080»',
  's.yaml: targetPort: «8080»',
]);
checkReferences(
  'of the key of a ConfigMap',
  { 'p.yaml': pod, 'c.yaml': configMap.replace('destination', 'desti|nation') },
  ['c.yaml: «destination»: "80 tcp 203.0.113.25"', 'p.yaml: key: «destination»'],
);
checkReferences('of a ConfigMap', { 'p.yaml': pod, 'c.yaml': configMap.replace('egress-r', 'egress|-r') }, [
  'c.yaml: name: «egress-routes»',
  'p.yaml: name: «egress-routes»',
]);

const takesAll = pod.replace(
  / {6}env:[^]*/,
  '      envFrom:\n        - configMapRef:\n            name: egress-routes\n',
);
checkDefinition(
  'from a router that takes over all keys to the ConfigMap',
  { 'p.yaml': takesAll.replace('egress-routes', 'egress|-routes'), 'c.yaml': configMap },
  ['c.yaml: name: «egress-routes»'],
);
checkReferences(
  'of a ConfigMap that is taken over as a whole',
  { 'p.yaml': takesAll, 'c.yaml': configMap.replace('egress-r', 'egress|-r') },
  ['c.yaml: name: «egress-routes»', 'p.yaml: name: «egress-routes»'],
);

const commented = router.replace('partner-api', '"partner-api" # partner-api');
const renamed = {
  'r.yaml': commented.replace('"partner-api"', '"bank-api"'),
  's.yaml': service.replace('partner-api', 'bank-api'),
};
checkRename(
  'a router, with its Service',
  { 'r.yaml': commented.replace('"partner', '"part|ner'), 's.yaml': service, 'x.yaml': elsewhere },
  'bank-api',
  renamed,
);
checkRename(
  'from the Service',
  { 'r.yaml': commented, 's.yaml': service.replace('partner', 'part|ner'), 'x.yaml': elsewhere },
  'bank-api',
  renamed,
);
checkRename(
  'a Service of another name keeps it',
  { 'r.yaml': router.replace('partner', 'part|ner'), 's.yaml': service.replace('partner-api', 'api') },
  'bank-api',
  { 'r.yaml': router.replace('partner-api', 'bank-api') },
);
const byLabel = service.replace('app: egress-router-cni', 'egress-router-tools/router: partner-api');
checkRename(
  'a router, with the selectors that name it',
  {
    'r.yaml': router.replace('partner', 'part|ner'),
    's.yaml': byLabel,
    't.yaml': byLabel.replace('name: partner-api', 'name: api'),
  },
  'bank-api',
  {
    'r.yaml': router.replace('partner-api', 'bank-api'),
    's.yaml': byLabel.replaceAll('partner-api', 'bank-api'),
    't.yaml': byLabel
      .replace('name: partner-api', 'name: api')
      .replace('router: partner-api', 'router: bank-api'),
  },
);
checkRename(
  'router and Service in one List',
  {
    'l.yaml': `apiVersion: v1\nkind: List\nitems:\n  - ${router.replace('partner', 'part|ner').trimEnd().replaceAll('\n', '\n    ')}\n  - ${service.trimEnd().replaceAll('\n', '\n    ')}\n`,
  },
  'bank-api',
  {
    'l.yaml': `apiVersion: v1\nkind: List\nitems:\n  - ${router.replace('partner-api', 'bank-api').trimEnd().replaceAll('\n', '\n    ')}\n  - ${service.replace('partner-api', 'bank-api').trimEnd().replaceAll('\n', '\n    ')}\n`,
  },
);
checkRename('no name', { 'r.yaml': router.replace('partner', 'part|ner') }, 'Bank_API', 'cannot be a name');
checkRename(
  'no name for a Service',
  { 'r.yaml': router.replace('partner', 'part|ner'), 's.yaml': service },
  'bank.api',
  'cannot be the name of a Service',
);
checkRename(
  'a name that is taken',
  { 'r.yaml': router.replace('partner', 'part|ner'), 's.yaml': router.replace('partner-api', 'bank-api') },
  'bank-api',
  'already',
);
checkRename('not an address', { 'r.yaml': router.replace('.12.1\n', '.12|.1\n') }, 'x', 'Only the name');
checkRename(
  'a name that a template writes',
  { 'r.yaml': router.replace('partner-api', 'partner-|api-{{ .x }}') },
  'bank-api',
  '',
);

test('what can be renamed is marked without its quotes', () => {
  const { files, at, offset } = workspaceOf({ 'r.yaml': router.replace('partner-api', '"part|ner-api"') });
  const found = renamableAt(files, at, offset);
  expect(found && [found.name, at.file.text.slice(found.span.start, found.span.end)]).toEqual([
    'partner-api',
    'partner-api',
  ]);
});

test('an address is highlighted wherever it stands, a name with its uses', () => {
  const marked = (text: string): readonly string[] => {
    const { files, at, offset } = workspaceOf({ 'a.yaml': text });
    return highlightsAt(at, offset).map((span) => shown(files, { uri: 'a.yaml', span }));
  };
  expect(
    marked(router.replace('203.0.113.25', '203.|0.113.25').concat('    fallbackIP: "203.0.113.25"\n')),
  ).toEqual(['a.yaml: destinationIP: «203.0.113.25»', 'a.yaml: fallbackIP: «"203.0.113.25"»']);
  expect(marked(`${router.replace('partner', 'part|ner')}---\n${service}`)).toEqual([
    'a.yaml: name: «partner-api»',
    'a.yaml: name: «partner-api»',
    'a.yaml: app: «egress-router-cni»',
  ]);
  expect(marked(router.replace('203.0.113.25', '192.168.|12.99'))).toEqual([
    'a.yaml: - ip: «192.168.12.99/24»',
    'a.yaml: destinationIP: «192.168.12.99»',
  ]);
  expect(marked(router.replace('TCP', 'T|CP'))).toEqual([]);
});

test('links lead to the objects of other files that a file names', () => {
  const texts = { 'r.yaml': router, 's.yaml': `${service}|`, 'p.yaml': pod, 'c.yaml': configMap };
  const { files } = workspaceOf(texts);
  const links = files.flatMap((at) =>
    linksOf(files, at).map(({ span, target }) => [shown(files, { uri: at.uri, span }), shown(files, target)]),
  );
  expect(links).toEqual([
    [selected, name],
    ['p.yaml: name: «egress-routes»', 'c.yaml: «destination»: "80 tcp 203.0.113.25"'],
  ]);
  const [own] = workspaceOf({ 'a.yaml': `${router}---\n${service}|` }).files;
  expect(own && linksOf([own], own)).toEqual([]);
});
