import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { parseRouter } from '#core/egress-router/parse.ts';
import { toService } from '#core/manifest/service.ts';
import { parseNetConf } from '#core/netconf/parse.ts';
import { readYamlFile } from '#language/document.ts';
import { manifestSkeletons } from '#language/features/completion/skeleton.ts';
import { routersOf } from '#language/features/routers.ts';
import { toFacts } from '#language/objects.ts';
import { Workspace } from '#language/workspace.ts';

const root = new URL('../../', import.meta.url);
const skeletons = manifestSkeletons();

/** What is left when a person accepts every placeholder: `${1:text}`, `${1|first,second|}`, `$0`. */
function accepted(snippet: string): string {
  return snippet
    .replace(/\$\{\d+:([^}]*)\}/g, '$1')
    .replace(/\$\{\d+\|([^,|]*)[^}]*\}/g, '$1')
    .replace(/\$0\n?/g, '');
}

function bodyOf(wanted: string): string {
  const skeleton = skeletons.find(({ label }) => label === wanted);
  if (skeleton === undefined) throw new Error(`There is no skeleton ${wanted}`);
  return skeleton.text;
}

/** How many routers the text holds; not one of them may have a problem. */
function check(text: string, routers: number): void {
  const found = routersOf(readYamlFile(text));
  expect(found.flatMap(({ diagnostics }) => diagnostics)).toEqual([]);
  expect(found).toHaveLength(routers);
  for (const document of parseAllDocuments(text)) expect(document.errors).toEqual([]);
}

test('every skeleton can be told from the others', () => {
  const labels = skeletons.map(({ label }) => label);
  expect(new Set(labels).size).toBe(labels.length);
  for (const { description } of skeletons) expect(description).not.toBe('');
});

test('the routers of the skeletons have no problems', () => {
  for (const label of ['egress-router', 'egress-router-dual-stack']) check(accepted(bodyOf(label)), 1);
});

test('a skeleton begins with the next address that is free, and the gateway of its network', () => {
  const file = readYamlFile(
    accepted(bodyOf('egress-router'))
      .replace('192.168.12.99/24', '10.1.0.7/16')
      .replace('192.168.12.1', '10.1.0.2'),
  );
  const facts = file.slices.flatMap(({ content }) => (content?.objects ?? []).map(toFacts));
  const [router] = manifestSkeletons({ facts });
  expect(router?.text).toContain('ip: ${2:10.1.0.8/16}\n      gateway: ${3:10.1.0.2}\n');
});

test('the Service skeleton is what Expose makes of the router skeleton', () => {
  const [router] = parseAllDocuments(accepted(bodyOf('egress-router'))).map(
    (one) => parseRouter(one.toJS()).router,
  );
  const [service] = parseAllDocuments(accepted(bodyOf('egress-router-service')));
  if (router === undefined) throw new Error('The skeleton is no router');
  expect(service?.toJS()).toEqual(toService(router));
});

test('the configuration of the NAD skeleton has no problems', () => {
  const [nad] = parseAllDocuments(accepted(bodyOf('egress-router-nad')));
  expect(parseNetConf(JSON.parse(String(nad?.getIn(['spec', 'config'])))).problems).toEqual([]);
});

const routersIn: Readonly<Record<string, number>> = {
  'samples/router.yaml': 1,
  'samples/two-ports.yaml': 1,
  'samples/dual-stack.yaml': 1,
  'samples/legacy/egress-router-pod.yaml': 0,
  'samples/legacy/egress-router-deployment.yaml': 0,
  'samples/legacy/egress-router-template.yaml': 0,
  'samples/legacy/egress-router-list.yaml': 0,
};

for (const [path, routers] of Object.entries(routersIn)) {
  test(`${path} has no problems`, () => check(readFileSync(new URL(path, root), 'utf8'), routers));
}

test('nor have the samples any together, as they stand in one folder', () => {
  const workspace = new Workspace();
  for (const path of Object.keys(routersIn)) {
    workspace.setFile(path, readYamlFile(readFileSync(new URL(path, root), 'utf8')));
  }
  const codes = workspace
    .uris()
    .flatMap((path) => workspace.diagnosticsOf(path).map(({ diagnostic }) => diagnostic.code));
  expect(new Set(codes)).toEqual(new Set(['legacy-router']));
});

test('no two samples reserve one address, as migrated ones stand beside the others', () => {
  const addresses = Object.keys(routersIn).flatMap((path) => {
    const text = readFileSync(new URL(path, root), 'utf8');
    return [...text.matchAll(/[0-9a-f.:]+\/(?:24|64)\b/g)].map(([address]) => address);
  });
  expect(addresses.toSorted()).toEqual([...new Set(addresses)].toSorted());
  expect(addresses.length).toBeGreaterThanOrEqual(Object.keys(routersIn).length);
});

test('every sample is looked at', () => {
  const paths = globSync('samples/**/*.{yaml,yml,json}', { cwd: root });
  expect(paths.map((path) => path.replaceAll('\\', '/')).toSorted()).toEqual(
    Object.keys(routersIn).toSorted(),
  );
});

test('the Service of two-ports.yaml is what Expose makes, with the selector of this router alone', () => {
  const text = readFileSync(new URL('samples/two-ports.yaml', root), 'utf8');
  const [router, service] = parseAllDocuments(text).map((one): unknown => one.toJS());
  const read = parseRouter(router).router;
  const made = read && toService(read);
  const selector = { 'egress-router-tools/router': 'two-ports' };
  expect({ ...made, spec: { ...made?.spec, selector } }).toEqual(service);
});
