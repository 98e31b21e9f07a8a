import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { parseRouter } from '#core/egress-router/parse.ts';
import { toDeployment } from '#core/manifest/deployment.ts';
import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';
import { manifest } from '../../core/test/egress-router/manifests.ts';
import { listAt, objectAt, textAt } from './api-json.ts';
import { type ApiWorld, onEachTarget, until } from './api-world.ts';

const deploy = path.join(import.meta.dirname, '../../agent/deploy');
const folders = ['manifests', 'admission', 'monitoring', 'uninstall'];

onEachTarget((world) => {
  beforeAll(() => installMonitorKinds(world()));

  test('every manifest is accepted as it is written, field by field', async () => {
    const { client } = world();
    const refused: string[] = [];
    const objects = (await Promise.all(folders.map(objectsIn))).flat();
    for (const object of objects) {
      const url = await urlOf(world(), object);
      const { code, text } = await client.apply(url, 'test', object, '&fieldValidation=Strict&force=true');
      if (code > 201) refused.push(`${url}: ${code} ${text}`);
    }
    expect(refused).toEqual([]);
    expect(objects.map(kindOf)).toEqual(
      expect.arrayContaining(['DaemonSet', 'ServiceMonitor', 'ValidatingAdmissionPolicyBinding']),
    );
  });
});

test.each(folders.slice(0, 3))('the kustomization of %s names every other file beside it', async (folder) => {
  const files = await readdir(path.join(deploy, folder));
  const kustomization: unknown = parse(
    await readFile(path.join(deploy, folder, 'kustomization.yaml'), 'utf8'),
  );
  expect(new Set(listAt(kustomization, 'resources'))).toEqual(
    new Set(files.filter((file) => file !== 'kustomization.yaml')),
  );
});

test.each([
  { overlay: 'kubernetes', parts: ['manifests', 'admission'] },
  { overlay: 'okd', parts: ['admission'] },
] as const)('the overlay for $overlay is made of $parts', async ({ overlay, parts }) => {
  const files = await Promise.all(parts.map((part) => filesOf(part, kindOfFolder[part])));
  expect(await filesOf(`overlays/${overlay}`, 'Kustomization')).toEqual(files.flat());
});

test('monitors find what they are for, by label and by port', async () => {
  const objects = (await Promise.all(['manifests', 'monitoring'].map(objectsIn))).flat();
  const ofKind = (kind: string) => objects.find((object) => kindOf(object) === kind);
  const [service, monitor, podMonitor] = ['Service', 'ServiceMonitor', 'PodMonitor'].map(ofKind);
  const operatorPod = objectAt(ofKind('Deployment'), 'spec', 'template');
  expect(objectAt(operatorPod, 'metadata', 'labels')).toMatchObject(objectAt(service, 'spec', 'selector'));
  expect(portsOf(operatorPod)).toEqual(textsAt(listAt(service, 'spec', 'ports'), 'targetPort'));
  const selected = objectAt(monitor, 'spec', 'selector', 'matchLabels');
  expect(objectAt(service, 'metadata', 'labels')).toMatchObject(selected);
  const scraped = textsAt(listAt(monitor, 'spec', 'endpoints'), 'port');
  expect(textsAt(listAt(service, 'spec', 'ports'), 'name')).toEqual(scraped);

  const { router } = parseRouter(manifest());
  if (router === undefined) throw new Error('the manifest is not sound');
  const { template } = toDeployment(router, { image: 'i', configHash: 'h' }).spec;
  const keys = textsAt(listAt(podMonitor, 'spec', 'selector', 'matchExpressions'), 'key');
  expect(keys).toHaveLength(1);
  expect(Object.keys(template.metadata.labels)).toEqual(expect.arrayContaining([...keys]));
  expect(portsOf(template)).toEqual(textsAt(listAt(podMonitor, 'spec', 'podMetricsEndpoints'), 'port'));
});

const kindOfFolder = { manifests: 'Kustomization', admission: 'Component' } as const;

/** All that `kubectl apply -k` of a folder applies; of resources and components kustomize takes the kind alone. */
async function filesOf(folder: string, kind: string): Promise<readonly string[]> {
  const text = await readFile(path.join(deploy, folder, 'kustomization.yaml'), 'utf8');
  const kustomization: unknown = parse(text);
  expect(textAt(kustomization, 'kind')).toBe(kind);
  const named = (field: string): readonly string[] =>
    listAt(kustomization, field).map((name) => path.join(folder, String(name)));
  const resources = named('resources').map((one) =>
    one.endsWith('.yaml') ? [one] : filesOf(one, 'Kustomization'),
  );
  const components = named('components').map((one) => filesOf(one, 'Component'));
  return (await Promise.all([...resources, ...components])).flat();
}

function portsOf(template: unknown): readonly string[] {
  const containers = listAt(template, 'spec', 'containers');
  return containers.flatMap((container) => textsAt(listAt(container, 'ports'), 'name'));
}

function textsAt(list: readonly unknown[], key: string): readonly string[] {
  return list.flatMap((one) => textAt(one, key) ?? []);
}

/** In the order in which they can be applied. */
async function objectsIn(folder: string): Promise<readonly JsonObject[]> {
  const files = (await readdir(path.join(deploy, folder))).filter((file) => file !== 'kustomization.yaml');
  const texts = await Promise.all(files.map((file) => readFile(path.join(deploy, folder, file), 'utf8')));
  const objects = texts.flatMap((text) =>
    parseAllDocuments(text).map((document) => objectAt(document.toJS())),
  );
  const first = ['Namespace', 'CustomResourceDefinition'];
  return objects.toSorted((a, b) => Number(first.includes(kindOf(b))) - Number(first.includes(kindOf(a))));
}

/** Asks the server itself what the kind is called in a path. */
async function urlOf({ client }: ApiWorld, object: JsonObject): Promise<string> {
  const version = textAt(object, 'apiVersion') ?? '';
  const root = `/${version.includes('/') ? 'apis' : 'api'}/${version}`;
  const kind = kindOf(object);
  const resources = listAt(await client.must(`GET ${root}`), 'resources').filter(isJsonObject);
  const resource = resources.find((one) => one['kind'] === kind && !textAt(one, 'name')?.includes('/'));
  if (resource === undefined) throw new Error(`${kind} is not served`);
  const namespace = textAt(object, 'metadata', 'namespace');
  const middle = namespace === undefined ? '' : `/namespaces/${namespace}`;
  return `${root}${middle}/${textAt(resource, 'name') ?? ''}/${textAt(object, 'metadata', 'name') ?? ''}`;
}

function kindOf(object: JsonObject): string {
  return textAt(object, 'kind') ?? '';
}

/** The kinds of the Prometheus Operator, by name: what is in them is not this project's to test. */
async function installMonitorKinds({ client }: ApiWorld): Promise<void> {
  const group = 'monitoring.coreos.com';
  for (const kind of ['ServiceMonitor', 'PodMonitor']) {
    const singular = kind.toLowerCase();
    const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
    await client.must('POST /apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
      body: {
        metadata: { name: `${singular}s.${group}` },
        spec: {
          group,
          scope: 'Namespaced',
          names: { kind, plural: `${singular}s`, singular, listKind: `${kind}List` },
          versions: [{ name: 'v1', served: true, storage: true, schema }],
        },
      },
    });
    await until(async () => (await client.send(`GET /apis/${group}/v1/${singular}s`)).code === 200);
  }
}
