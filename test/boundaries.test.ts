// Areas may import only what scripts/import-table.mjs says. Three locks hold that: no ambient types in core, the
// compiler's project references, and the linter. Each is tried on a small copy of the repository in which every
// file breaks one rule or keeps one; then the tree itself is read.
import { execFile } from 'node:child_process';
import { cp, glob, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { areas, mayImport, toLinterOverrides } from '../scripts/import-table.mjs';

const root = path.dirname(import.meta.dirname);
const bin = (name: string) => path.join(root, 'node_modules/.bin', name);

/** One specifier of each kind that some area may not import. */
const specifiers = [
  '#core/own.ts',
  '#cluster/own.ts',
  '#language/own.ts',
  '#server/own.ts',
  '#client/own.ts',
  '#agent/operator/own.ts',
  '#agent/cni/own.ts',
  '#agent/router/own.ts',
  '#cli/own.ts',
  '#sandbox/own.ts',
  '#sandbox/api/own.ts',
  '#sandbox/node/own.ts',
  'node:fs',
  'node:fs/promises',
  'fs',
  'vscode',
  'vscode-languageclient/node',
  'vscode-languageserver/node',
  'vscode-languageserver-types',
  'yaml',
  'yaml-language-server',
  'ws',
  '@kubernetes/client-node',
  '@peculiar/x509',
  'left-pad',
];

/** Relative ways into another area, from a file at the top of its own. */
const relative = ['../../core/src/own.ts', '../../cluster/src/own.ts', '../router/own.ts', '../api/own.ts'];

let copy = '';

beforeAll(async () => {
  copy = await mkdtemp(path.join(tmpdir(), 'ert-boundaries-'));
  const { imports } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
  await writeFile(path.join(copy, 'package.json'), JSON.stringify({ type: 'module', imports }));
  await symlink(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
  for (const name of ['.oxlintrc.json', 'tsconfig.base.json', ...(await tsconfigs())]) {
    await mkdir(path.dirname(path.join(copy, name)), { recursive: true });
    await cp(path.join(root, name), path.join(copy, name));
  }
  for (const { folder } of areas) {
    await put(`${folder}/own.ts`, 'export const own = 1;\n');
    for (const [i, specifier] of [...specifiers, ...relative].entries()) {
      await put(
        `${folder}/import-${i}.ts`,
        `import * as it from '${specifier}';\nexport const them = [it];\n`,
      );
    }
    await put(`${folder}/globals.ts`, 'export const them = [process, setTimeout, console, document];\n');
  }
  const solution = JSON.parse(await readFile(path.join(root, 'tsconfig.json'), 'utf8'));
  solution.references = solution.references.filter(({ path: to }: { path: string }) => to !== 'test');
  await put('tsconfig.json', JSON.stringify(solution));
});

afterAll(() => rm(copy, { recursive: true, force: true }));

test('the linter refuses what the table does not allow, and nothing else', async () => {
  const said = JSON.parse(await output(bin('oxlint'), ['-A', 'all', '--format=json']));
  const refused = new Set<string>(
    said.diagnostics
      .filter(({ code }: { code: string }) => code === 'eslint(no-restricted-imports)')
      .map(({ filename }: { filename: string }) => filename),
  );
  const wrong = areas.flatMap((area) =>
    specifiers
      .map((specifier, i) => ({ specifier, file: `${area.folder}/import-${i}.ts` }))
      .filter(({ specifier, file }) => refused.has(file) === mayImport(area, specifier))
      .map(({ specifier, file }) => `${file}: ${specifier}`),
  );
  expect(wrong).toEqual([]);
  const leaving = (folder: string) =>
    relative.filter((_, i) => refused.has(`${folder}/import-${specifiers.length + i}.ts`));
  expect(leaving('core/src')).toEqual(relative.slice(0, 2));
  expect(leaving('agent/src/operator')).toEqual(relative.slice(0, 3));
  expect(leaving('sandbox/src/lan')).toEqual([...relative.slice(0, 2), '../api/own.ts']);
}, 60_000);

test('the compiler refuses areas that are not referenced, and in core and the CNI executable all ambient names', async () => {
  // A package's types may bring Node's along: the ambient names are asked for without any package.
  const packages = specifiers.filter((specifier) => !/^(#|node:)/.test(specifier));
  for (const { folder } of areas) {
    for (const each of packages) await rm(path.join(copy, folder, `import-${specifiers.indexOf(each)}.ts`));
  }
  const said = await output(bin('tsc'), ['-b']);
  const refused = new Set(
    [...said.matchAll(/File '(.+)' is not listed within the file list of project '(.+)'/g)].map(
      ([, file = '', project = '']) =>
        `${path.relative(copy, path.dirname(project))}: ${path.relative(copy, file)}`,
    ),
  );
  const wanted = areas
    .filter(({ folder }) => !/sandbox.src.(workloads|node|lan)/.test(folder))
    .flatMap((area) =>
      specifiers
        .filter((specifier) => specifier.startsWith('#') && !mayImport(area, specifier))
        .map((specifier) => `${projectOf(area.folder)}: ${toFile(specifier)}`),
    );
  expect(wanted.filter((pair) => !refused.has(pair))).toEqual([]);
  expect(wanted.length).toBeGreaterThan(60);
  for (const folder of ['core/src', 'agent/src/cni']) {
    expect(said).toContain(`${folder}/import-${specifiers.indexOf('node:fs')}.ts`);
    const globals = said.match(new RegExp(`${folder}/globals\\.ts.*`, 'g')) ?? [];
    expect(globals.map((line) => /'(\w+)'/.exec(line)?.[1])).toEqual([
      'process',
      'setTimeout',
      'console',
      'document',
    ]);
  }
  for (const { folder } of areas) expect(said).not.toContain(`${folder}/own.ts(`);
}, 60_000);

test('the rules of the linter are those of the table', async () => {
  const { overrides } = JSON.parse(await readFile(path.join(root, '.oxlintrc.json'), 'utf8'));
  const about = overrides.filter(({ rules }: { rules: object }) => 'no-restricted-imports' in rules);
  expect(about).toEqual(toLinterOverrides());
});

test('no file of the tree imports past its area', async () => {
  const wrong: string[] = [];
  const read = new Set<string>();
  for await (const file of glob('{core,cluster,language,server,client,cli,agent,sandbox}/src/**/*.ts', {
    cwd: root,
  })) {
    const area = areaOf(file);
    if (area === undefined) continue;
    read.add(area.folder);
    for (const specifier of importsOf(await readFile(path.join(root, file), 'utf8'))) {
      const target = path.join(path.dirname(file), specifier);
      const isFine = specifier.startsWith('.')
        ? areaOf(target)?.folder === area.folder || mayImport(area, toImport(target))
        : mayImport(area, specifier);
      if (!isFine) wrong.push(`${file}: ${specifier}`);
    }
  }
  expect(wrong).toEqual([]);
  expect([...read].sort((a, b) => a.localeCompare(b))).toEqual(
    areas.map(({ folder }) => folder).sort((a, b) => a.localeCompare(b)),
  );
});

test('no file of the tree imports itself by way of others, not even its types', async () => {
  const imports = new Map<string, readonly string[]>();
  for await (const file of glob('{core,cluster,language,server,client,cli,agent,sandbox}/src/**/*.ts', {
    cwd: root,
  })) {
    const specifiers = importsOf(await readFile(path.join(root, file), 'utf8'));
    const targets = specifiers.flatMap((specifier) => {
      if (specifier.startsWith('#')) return [toFile(specifier)];
      return specifier.startsWith('.') ? [path.join(path.dirname(file), specifier)] : [];
    });
    imports.set(file, targets);
  }
  expect(imports.size).toBeGreaterThan(100);
  expect([...imports.keys()].flatMap((file) => circleOf(file, imports) ?? [])).toEqual([]);
});

/** A way along imports from a file back to itself, where there is one. */
function circleOf(file: string, imports: ReadonlyMap<string, readonly string[]>): string | undefined {
  const ways = new Map((imports.get(file) ?? []).map((target) => [target, `${file} -> ${target}`]));
  // A map gives what is added to it while it is read, too.
  for (const [reached, way] of ways) {
    if (reached === file) return way;
    for (const target of imports.get(reached) ?? []) {
      if (!ways.has(target)) ways.set(target, `${way} -> ${target}`);
    }
  }
  return undefined;
}

/** The innermost area that a file of the tree lies in. */
function areaOf(file: string): (typeof areas)[number] | undefined {
  const around = areas.filter(({ folder }) => file.startsWith(`${folder}/`));
  return around.toSorted((a, b) => b.folder.length - a.folder.length)[0];
}

/** `agent/src/cni/main.ts` -> `#agent/cni/main.ts` */
function toImport(file: string): string {
  return `#${file.replace('/src/', '/')}`;
}

function importsOf(text: string): readonly string[] {
  const found = text.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)'([^'\n]+)'/g);
  return [...found].flatMap(([, specifier]) => (specifier === undefined ? [] : [specifier]));
}

/** `#agent/cni/own.ts` -> `agent/src/cni/own.ts` */
function toFile(specifier: string): string {
  const [area = '', ...rest] = specifier.slice(1).split('/');
  return [area, 'src', ...rest].join('/');
}

/** The folder of the area's tsconfig.json. Within sandbox/src all but the api is one project. */
function projectOf(folder: string): string {
  return folder.endsWith('/src') ? folder.slice(0, -'/src'.length) : folder;
}

async function tsconfigs(): Promise<readonly string[]> {
  const pattern = '{core,cluster,language,server,client,cli,agent,sandbox}/**/tsconfig.json';
  const found: string[] = [];
  for await (const file of glob(pattern, { cwd: root })) found.push(file);
  return found;
}

async function put(file: string, text: string): Promise<void> {
  const whole = path.join(copy, file);
  await mkdir(path.dirname(whole), { recursive: true });
  await writeFile(whole, text);
}

/** What it prints, whatever it ends with. */
function output(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, args, { cwd: copy, maxBuffer: 64 * 1024 * 1024 }, (_, stdout) => {
      resolve(stdout);
    });
  });
}
