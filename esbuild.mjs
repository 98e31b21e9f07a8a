// npm run build [-- --only server,cli]: makes dist/. What has not changed since the last build is not built again.
import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build as bundle } from 'esbuild';

const root = import.meta.dirname;

const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));

/** Packages written for CommonJS ask for Node's modules with `require`, which an ES module has to be given. */
const requireBanner = [
  "import { createRequire as createRequireOfBundle } from 'node:module';",
  'const require = createRequireOfBundle(import.meta.url);',
].join('\n');

const module = { format: 'esm', banner: { js: requireBanner } };
const script = { format: 'cjs' };

/** For a browser's worker. Names are shortened: these are fetched over the network. */
const browser = {
  platform: 'browser',
  target: 'es2023',
  mainFields: ['browser', 'module', 'main'],
  alias: { path: 'path-browserify' },
  minifyIdentifiers: true,
};

/**
 * Leaves out of a bundle what it does not use of the Kubernetes client, four fifths of it: models of every kind, and
 * what copies files into pods. Its modules only declare things, but its package.json does not say so.
 */
const withoutUnusedModels = {
  name: 'without-unused-models',
  setup({ onResolve }) {
    const folder = path.join(root, 'node_modules/@kubernetes/client-node/');
    onResolve({ filter: /^\.\.?\// }, ({ path: wanted, importer, resolveDir }) =>
      importer.startsWith(folder) ? { path: path.join(resolveDir, wanted), sideEffects: false } : undefined,
    );
  },
};

/**
 * Takes Node's modules by `require`. An `import` of one reads all that it exports, which of node:http loads a second
 * HTTP client: 6 MB of each router's pod.
 */
const nodeByRequire = {
  name: 'node-by-require',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[a-z]/ }, ({ path: wanted, kind }) =>
      kind === 'import-statement' && isBuiltin(wanted)
        ? { path: wanted, namespace: 'node-by-require', sideEffects: false }
        : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'node-by-require' }, ({ path: wanted }) => ({
      contents: `module.exports = require(${JSON.stringify(wanted)});`,
    }));
  },
};

/**
 * Loads of Node what a package asks for and hardly ever needs with the first use of it: the language server's packages
 * ask for cryptography, to name a pipe with, and for processes, to look for a program with.
 */
const nodeOnFirstUse = {
  name: 'node-on-first-use',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(?:node:)?(?:crypto|child_process)$/ }, ({ path: wanted, kind }) =>
      kind === 'require-call' ? { path: wanted, namespace: 'node-on-first-use' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'node-on-first-use' }, ({ path: wanted }) => ({
      contents: `module.exports = new Proxy({}, { get: (_, name) => require(${JSON.stringify(wanted)})[name] });`,
    }));
  },
};

/** What `yaml` gives to bundles for browsers: the same in ES modules, which take a fraction of the time to load. */
const yamlModules = { yaml: path.join(root, 'node_modules/yaml/browser/dist/index.js') };

export const bundles = {
  extension: {
    ...script,
    entry: 'client/src/extension.ts',
    outfile: 'dist/extension.cjs',
    external: ['vscode'],
  },
  'language-client': {
    ...script,
    entry: 'client/src/language-client.ts',
    outfile: 'dist/language-client.cjs',
    external: ['vscode'],
  },
  commands: {
    ...script,
    entry: 'client/src/commands/all.ts',
    outfile: 'dist/commands.cjs',
    external: ['vscode'],
  },
  cluster: { ...script, entry: 'cluster/src/extension-entry.ts', outfile: 'dist/cluster.cjs' },
  // Taken for CommonJS, since the packaged package.json says nothing of a `type`.
  'web-extension': {
    ...script,
    ...browser,
    entry: 'client/src/web.ts',
    outfile: 'dist/web/extension.js',
    external: ['vscode'],
  },
  'web-server': {
    ...browser,
    format: 'iife',
    entry: 'server/src/web.ts',
    outfile: 'dist/web/server.js',
    define: { programVersion: JSON.stringify(version) },
  },
  // yaml-language-server goes into a chunk of its own under dist/server/, loaded on first use.
  server: {
    ...module,
    entry: 'server/src/main.ts',
    outfile: 'dist/server.mjs',
    chunks: 'server',
    alias: yamlModules,
    plugins: [nodeOnFirstUse],
    define: { programVersion: JSON.stringify(version) },
  },
  cli: {
    format: 'esm',
    banner: { js: `#!/usr/bin/env node\n${requireBanner}` },
    alias: yamlModules,
    entry: 'cli/src/main.ts',
    outfile: 'dist/cli.mjs',
    chunks: 'cli',
    executable: true,
    define: { programVersion: JSON.stringify(version) },
  },
  // With an operator of its own, which shares its chunks: the extension carries both.
  sandbox: {
    ...module,
    entry: 'sandbox/src/main.ts',
    outfile: 'dist/sandbox.mjs',
    chunks: 'sandbox',
    further: { 'sandbox/operator': 'agent/src/operator/main.ts' },
  },
  operator: {
    ...module,
    entry: 'agent/src/operator/main.ts',
    outfile: 'dist/agent/operator.mjs',
    plugins: [nodeByRequire],
  },
  router: {
    ...module,
    entry: 'agent/src/router/main.ts',
    outfile: 'dist/agent/router.mjs',
    plugins: [nodeByRequire],
  },
};

/** The bundles that the extension is made of. */
export const extensionBundles = [
  'extension',
  'commands',
  'language-client',
  'cluster',
  'server',
  'web-extension',
  'web-server',
  'sandbox',
  'router',
];

/**
 * Builds the named parts, all of them by default; gives what was left as it was and what was built.
 * A part that cannot be built fails the whole, except the CNI executable where `cniMayFail` is given.
 * @param {{ only?: readonly string[], cniMayFail?: boolean }} options
 */
export async function build({ only, cniMayFail }) {
  const wanted = Object.entries(bundles).filter(([name]) => only === undefined || only.includes(name));
  const stampFile = path.join(root, 'dist/.build.json');
  const stamps = JSON.parse(await readFile(stampFile, 'utf8').catch(() => '{}'));
  const common = await commonStamp();
  const built = [];
  const failed = [];
  await Promise.all(
    wanted.map(async ([name, options]) => {
      const stamp = stamps[name];
      if (stamp?.common === common && (await isUnchanged(stamp.files))) return;
      try {
        stamps[name] = { common, ...(await buildBundle(options)) };
        built.push(name);
      } catch (error) {
        failed.push(`${name} (${options.entry}): ${error.message}`);
      }
    }),
  );
  if (failed.length > 0) throw new Error(`Not built:\n${failed.join('\n')}`);
  if (built.length > 0) await writeWhole(stampFile, JSON.stringify(stamps));
  if (only === undefined || only.includes('cni')) await buildCniExecutable(cniMayFail);
  return { built };
}

async function buildBundle({ entry, outfile, executable, chunks, further, plugins = [], ...options }) {
  if (chunks !== undefined) await rm(path.join(root, 'dist', chunks), { recursive: true, force: true });
  const started = Date.now();
  const result = await bundle({
    absWorkingDir: root,
    ...(chunks === undefined
      ? { entryPoints: [entry], outfile }
      : {
          entryPoints: { [path.basename(outfile, '.mjs')]: entry, ...further },
          outdir: 'dist',
          outExtension: { '.js': '.mjs' },
          splitting: true,
          chunkNames: `${chunks}/[name]-[hash]`,
        }),
    bundle: true,
    platform: 'node',
    target: 'node22',
    mainFields: ['module', 'main'],
    minifySyntax: true,
    minifyWhitespace: true,
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'none',
    metafile: true,
    logLevel: 'silent',
    plugins: [withoutUnusedModels, ...plugins],
    ...options,
  });
  if (executable) await chmod(path.join(root, outfile), 0o755);
  const inputs = Object.keys(result.metafile.inputs);
  const files = {};
  for (const file of inputs.filter(
    (each) => !/node_modules\/|^node-(?:by-require|on-first-use):/.test(each),
  )) {
    // Written while it was being read: nobody knows which of the two texts the bundle holds.
    const isOld = (await stat(path.join(root, file))).mtimeMs < started;
    files[file] = isOld ? await stampOf(file) : 'changed';
  }
  for (const file of Object.keys(result.metafile.outputs)) files[file] = await stampOf(file);
  const packages = inputs.flatMap((each) => /.*node_modules\/(@[^/]+\/)?[^/]+/.exec(each)?.[0] ?? []);
  return { files, packages: [...new Set(packages)] };
}

/** The folders of the packages whose code is in the named bundles, as they were last built. */
export async function packagesIn(names) {
  const stamps = JSON.parse(await readFile(path.join(root, 'dist/.build.json'), 'utf8'));
  return [...new Set(names.flatMap((name) => stamps[name].packages))].toSorted((a, b) =>
    a.localeCompare(b, 'en'),
  );
}

async function isUnchanged(files) {
  const now = await Promise.all(Object.keys(files).map(stampOf));
  return Object.values(files).every((stamp, i) => stamp === now[i]);
}

async function stampOf(file) {
  const found = await stat(path.join(root, file)).catch(() => undefined);
  return found === undefined ? 'missing' : `${found.size}:${found.mtimeMs}`;
}

/** What every bundle depends on: the packages, these options, and how imports are resolved. */
async function commonStamp() {
  const hash = createHash('sha256');
  for (const file of ['package-lock.json', 'package.json', 'esbuild.mjs']) {
    hash.update(await readFile(path.join(root, file)));
  }
  return hash.digest('hex');
}

async function writeWhole(file, text) {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(`${file}.${process.pid}`, text);
  await rename(`${file}.${process.pid}`, file);
}

async function buildCniExecutable(mayFail) {
  try {
    const { buildCni } = await import('./tools/quickjs/build-cni.mjs');
    await buildCni({ root, outfile: path.join(root, 'dist/agent/egress-router') });
  } catch (error) {
    if (!mayFail) throw error;
    console.error(`The CNI executable was not built: ${error.message}`);
  }
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { only: { type: 'string' } } });
  const only = values.only?.split(',');
  const unknown = only?.filter((name) => name !== 'cni' && bundles[name] === undefined) ?? [];
  if (unknown.length > 0) {
    console.error(
      `Not a part of the build: ${unknown.join(', ')}. Parts: ${Object.keys(bundles).join(', ')}, cni.`,
    );
    process.exit(2);
  }
  const started = performance.now();
  const { built } = await build({ only }).catch((error) => {
    console.error(error.message);
    process.exit(1);
  });
  const ms = Math.round(performance.now() - started);
  console.error(
    built.length === 0 ? `Nothing to build (${ms} ms).` : `Built ${built.join(', ')} (${ms} ms).`,
  );
}
