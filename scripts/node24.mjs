// Scripts that run before anything is installed start here. Plain JavaScript on what Node 20 brings.
// Their work is done by Node 24: the machine's own, or else the pinned one of tools/node.
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { whenOrphaned, wrapperEnvironment } from './orphan.mjs';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Returns on Node 24 or newer. On an older Node it runs `script` again on the pinned one and never returns. */
export async function onNode24(script) {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= 24) return;
  await runScript(pinnedNode(), fileURLToPath(script), process.argv.slice(2));
}

/** Runs a script in this process's place: same streams, signals passed on, and this process ends as it ends. */
export async function runScript(node, script, args) {
  const PATH = `${path.dirname(node)}${path.delimiter}${process.env.PATH ?? ''}`;
  const env = { ...process.env, ...wrapperEnvironment, PATH };
  const child = spawn(node, [script, ...args], { stdio: 'inherit', env });
  const passOn = (signal) => child.kill(signal);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, passOn);
  whenOrphaned(() => child.kill('SIGTERM'));
  const [code, signal] = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (...end) => resolve(end));
  });
  process.exit(code ?? 128 + constants.signals[signal]);
}

/**
 * The pinned Node 24, of this machine's processor or of `arch`: installed when missing. Its folder holds the C++
 * headers too (`include/node`).
 */
export function pinnedNode(arch = process.arch) {
  const pins = path.join(root, 'tools/node');
  // npm keeps those of one processor in a folder.
  const home = arch === process.arch ? pins : path.join(root, `.tools/node-${arch}`);
  const name = `node-${process.platform}-${arch}`;
  const wanted = JSON.parse(readFileSync(path.join(pins, 'package.json'), 'utf8')).optionalDependencies[name];
  if (wanted === undefined) {
    fail(`There is no pinned Node for ${process.platform} on ${arch}: install Node 24 and try again.`);
  }
  const installed = path.join(home, 'node_modules', name);
  const node = path.join(installed, 'bin/node');
  if (!existsSync(node) || versionOf(installed) !== wanted) {
    const where = path.relative(root, home);
    process.stderr.write(`Installing Node ${wanted} into ${where} ...\n`);
    mkdirSync(home, { recursive: true });
    if (home !== pins) {
      for (const file of ['package.json', 'package-lock.json', '.npmrc']) {
        copyFileSync(path.join(pins, file), path.join(home, file));
      }
    }
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    const npm = spawnSync('npm', ['ci', `--cpu=${arch}`, ...quiet], { cwd: home, stdio: ['ignore', 2, 2] });
    if (npm.status !== 0 || !existsSync(node)) {
      fail(`npm could not install Node 24 into ${where}: install Node 24 yourself, or see the error above.`);
    }
  }
  return node;
}

function versionOf(folder) {
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')).version;
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
