import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';
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
