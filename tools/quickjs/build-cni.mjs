// Compiles the CNI executable: TypeScript -> one script (esbuild) -> C (qjsc) -> a static binary (gcc).
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { ensureQuickJs, QuickJsError } from './setup.mjs';

const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/**
 * @param {{ root?: string, arch?: string, outfile?: string, log?: (line: string) => void }} [options] `arch` in
 * Node's words, by default this machine's
 * @throws {QuickJsError} where this machine lacks something, saying what
 */
export async function buildCni({
  root = projectRoot,
  arch = process.arch,
  outfile = join(root, 'dist/agent/egress-router'),
  log = () => {},
} = {}) {
  const quickjs = ensureQuickJs({ root, arch, log });
  const work = mkdtempSync(join(tmpdir(), 'egress-router-cni-'));
  try {
    const script = join(work, 'egress-router.js');
    await build({
      absWorkingDir: root,
      entryPoints: ['agent/src/cni/entry-quickjs.ts'],
      outfile: script,
      bundle: true,
      format: 'esm',
      platform: 'neutral',
      target: 'es2023',
      external: ['netns', 'os', 'std'],
      define: { openWithoutFollowing: String(quickjs.openWithoutFollowing) },
      minifySyntax: true,
      logLevel: 'warning',
    });
    const source = join(work, 'egress-router.c');
    // By its bare name: the path would stand in the executable, which must not depend on where it is built.
    run(quickjs.qjsc, ['-e', '-m', '-s', '-M', 'netns,netns', '-o', source, 'egress-router.js'], work);
    const binary = join(work, 'egress-router');
    const libraries = [quickjs.library, '-lm', '-ldl', '-lpthread'];
    const options = [
      '-O2',
      '-static',
      '-s',
      '-Wl,--build-id=none,--wrap=sysconf,--wrap=fork',
      `-I${quickjs.folder}`,
    ];
    const ours = ['netns.c', 'open-files.c'].map((file) => join(projectRoot, 'tools/quickjs', file));
    run(quickjs.gcc, [...options, '-o', binary, source, ...ours, ...libraries]);
    chmodSync(binary, 0o755);
    mkdirSync(dirname(outfile), { recursive: true });
    install(binary, outfile);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** In one step, so that a container runtime never starts half a file. */
function install(binary, outfile) {
  const partial = `${outfile}.${process.pid}`;
  run('cp', ['-p', binary, partial]);
  renameSync(partial, outfile);
}

function run(program, args, cwd) {
  const done = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (done.status === 0) return;
  throw new QuickJsError(`${program} failed: ${done.error?.message ?? ''}${(done.stderr ?? '').trim()}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await buildCni({ log: (line) => console.error(line) });
  } catch (error) {
    console.error(`tools/quickjs: ${error instanceof QuickJsError ? error.message : error.stack}`);
    process.exitCode = 1;
  }
}
