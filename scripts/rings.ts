import { existsSync } from 'node:fs';
import path from 'node:path';
import { setupVsCode } from '../tools/vscode-host/setup.mjs';
import { root } from './node24.mjs';
import { findBrowser, findCommand, isUbuntu } from './setup.mjs';

/** One ring of tests: a program that writes `dist/results/<name>.json`. */
export interface Ring {
  readonly name: string;
  /** Arguments of Node. */
  readonly args: readonly string[];
  readonly timeoutMs: number;
  /** Whether it reads the sources alone, and so can be run when they cannot be built. */
  readonly readsSourcesOnly?: true;
  /** Why this machine cannot run it, for a person; undefined where it can. */
  whyNot(): string | undefined;
  /** What else is to be told of a run, for a person. */
  about?(): Promise<string>;
}

export const resultsFolder = path.join(root, 'dist/results');

export function resultsFile(name: string): string {
  return path.join(resultsFolder, `${name}.json`);
}

/** The longest first: two run at a time. */
export const rings: readonly Ring[] = [
  { ...vitestRing('e2e'), timeoutMs: 15 * 60_000, whyNot: () => whyNoPackets() ?? whyNoBrowser() },
  { ...vitestRing('netns'), timeoutMs: 25 * 60_000, whyNot: () => whyNoPackets() },
  {
    ...vitestRing('cluster'),
    timeoutMs: 12 * 60_000,
    whyNot: () => undefined,
    // Read when it is needed: the sandbox is large.
    about: async () => (await import('./api-servers.ts')).apiServersText(process.env),
  },
  { ...vitestRing('runtime'), whyNot: () => whyNoPackets() ?? whyMissing(['podman', 'runc', 'conmon']) },
  { ...vitestRing('image'), whyNot: () => whyNoPackets() ?? whyMissing(['mmdebstrap', 'umoci']) },
  { ...vitestRing('image-arm64'), whyNot: () => whyNoPackets() ?? whyNoArm64() },
  {
    name: 'host',
    args: ['test/host/run.ts'],
    timeoutMs: 10 * 60_000,
    whyNot: () => whyNoBrowser() ?? whyNoOutput(),
  },
  { ...vitestRing('lsp'), whyNot: () => undefined },
  { ...vitestRing('web'), whyNot: () => whyNoBrowser() },
  {
    name: 'static',
    args: ['scripts/static-checks.ts'],
    timeoutMs: 5 * 60_000,
    readsSourcesOnly: true,
    whyNot: () => undefined,
  },
  {
    name: 'unit',
    args: vitest('unit', ['--maxWorkers=2']),
    timeoutMs: 5 * 60_000,
    readsSourcesOnly: true,
    whyNot: () => undefined,
  },
];

function vitestRing(name: string): Omit<Ring, 'whyNot'> {
  const project = ['--config', 'vitest.rings.config.ts', '--project', name, '--no-file-parallelism'];
  return { name, args: vitest(name, project), timeoutMs: 8 * 60_000 };
}

function vitest(ring: string, options: readonly string[]): readonly string[] {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${resultsFile(ring)}`];
  return ['node_modules/vitest/vitest.mjs', 'run', ...options, ...reporters];
}

function whyNoPackets(): string | undefined {
  if (process.platform !== 'linux') return 'it makes network namespaces, which needs Linux';
  if (process.getuid?.() !== 0) return 'it makes network namespaces, which needs root';
  return whyMissing(['ip', 'nft', 'conntrack', 'nsenter', 'unshare', 'setpriv', 'curl', 'tcpdump']);
}

function whyNoBrowser(): string | undefined {
  return findBrowser() === undefined ? 'there is no Chromium here: install one, or set CHROMIUM' : undefined;
}

/** Without a compiler for code-server's add-ons the Output panel stays empty, and tests look into it. */
function whyNoOutput(): string | undefined {
  if (process.env.VSCODE_EXECUTABLE_PATH !== undefined) return undefined;
  return setupVsCode().hasOutput ? undefined : whyMissing(['g++', 'make', 'python3']);
}

function whyNoArm64(): string | undefined {
  if (isUbuntu()) return "the packages for arm64 are Debian's: those of Ubuntu are on mirrors of their own";
  const compiler = process.arch === 'arm64' ? 'gcc' : 'aarch64-linux-gnu-gcc';
  const missing = whyMissing(['mmdebstrap', 'umoci', compiler, 'qemu-aarch64-static']);
  const library = '/usr/aarch64-linux-gnu/lib/libc.a';
  const hasLibrary = process.arch === 'arm64' || existsSync(library);
  return missing ?? (hasLibrary ? undefined : `libc6-dev-arm64-cross not installed`);
}

function whyMissing(commands: readonly string[]): string | undefined {
  const missing = commands.filter((command) => findCommand(command) === undefined);
  return missing.length === 0 ? undefined : `${missing.join(', ')} not installed`;
}
