import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { parseRouter } from '#core/egress-router/parse.ts';
import { toService } from '#core/manifest/service.ts';
import { parseNetConf } from '#core/netconf/parse.ts';
import { readYamlFile } from '#language/document.ts';
import { manifestSkeletons } from '#language/features/completion/skeleton.ts';
import { routersOf } from '#language/features/routers.ts';
import { Workspace } from '#language/workspace.ts';

interface Snippet {
  readonly prefix: string;
  readonly description: string;
  readonly body: readonly string[];
}

const root = new URL('../../', import.meta.url);
const snippets: Readonly<Record<string, Snippet>> = JSON.parse(
  readFileSync(new URL('snippets/egress-router.code-snippets', root), 'utf8'),
);

/** What is left when a person accepts every placeholder: `${1:text}`, `${1|first,second|}`, `$0`. */
function accepted(snippet: string): string {
  return snippet
    .replace(/\$\{\d+:([^}]*)\}/g, '$1')
    .replace(/\$\{\d+\|([^,|]*)[^}]*\}/g, '$1')
    .replace(/\$0\n?/g, '');
}

function bodyOf(name: string): string {
  const snippet = snippets[name];
  if (snippet === undefined) throw new Error(`There is no snippet ${name}`);
  return snippet.body.join('\n');
}

/** How many routers the text holds; not one of them may have a problem. */
function check(text: string, routers: number): void {
  const found = routersOf(readYamlFile(text));
  expect(found.flatMap(({ diagnostics }) => diagnostics)).toEqual([]);
  expect(found).toHaveLength(routers);
  for (const document of parseAllDocuments(text)) expect(document.errors).toEqual([]);
}

test('every snippet can be told from the others', () => {
  const prefixes = Object.values(snippets).map(({ prefix }) => prefix);
  expect(new Set(prefixes).size).toBe(prefixes.length);
  for (const { description } of Object.values(snippets)) expect(description).not.toBe('');
});

test('the routers of the snippets have no problems', () => {
  for (const name of ['Egress router', 'Egress router for IPv4 and IPv6']) check(accepted(bodyOf(name)), 1);
});

test('completion in an empty document offers what the snippets do', () => {
  expect(manifestSkeletons.map(({ description, text }) => ({ description, text }))).toEqual(
    Object.values(snippets).map(({ description, body }) => ({ description, text: body.join('\n') })),
  );
});

test('the Service snippet is what Expose makes of the router snippet', () => {
  const [router] = parseAllDocuments(accepted(bodyOf('Egress router'))).map(
    (one) => parseRouter(one.toJS()).router,
  );
  const [service] = parseAllDocuments(accepted(bodyOf('Service of an egress router')));
  if (router === undefined) throw new Error('The snippet is no router');
  expect(service?.toJS()).toEqual(toService(router));
});

test('the configuration of the NAD snippet has no problems', () => {
  const [nad] = parseAllDocuments(accepted(bodyOf('Network attachment of an egress router')));
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

test('every sample is looked at', () => {
  const paths = globSync('samples/**/*.{yaml,yml,json}', { cwd: root });
  expect(paths.map((path) => path.replaceAll('\\', '/')).toSorted()).toEqual(
    Object.keys(routersIn).toSorted(),
  );
});

test('the Service of two-ports.yaml is what Expose makes', () => {
  const text = readFileSync(new URL('samples/two-ports.yaml', root), 'utf8');
  const [router, service] = parseAllDocuments(text).map((one): unknown => one.toJS());
  const read = parseRouter(router).router;
  expect(read && toService(read)).toEqual(service);
});
