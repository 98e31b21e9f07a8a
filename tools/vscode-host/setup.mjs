// Installs code-server, a VS Code that runs in a browser: from npm alone, without install scripts.
// Cold it takes under a minute and 800 MB; a second call returns at once.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pinnedNode } from '../../scripts/node24.mjs';
import { findCommand } from '../../scripts/setup.mjs';

const here = import.meta.dirname;
const codeServer = path.join(here, 'node_modules/code-server');

/**
 * Compiled when there is a compiler. Without spdlog there are no log files and the Output panel stays empty;
 * without native-watchdog an extension host outlives its server.
 */
const addOns = {
  spdlog: 'spdlog/build/Release/spdlog.node',
  'native-watchdog': 'native-watchdog/build/Release/watchdog.node',
};

/** @returns {{ node: string, entry: string, hasOutput: boolean }} the program to run, and the Node to run it on */
export function setupVsCode() {
  const node = nodeOfCodeServer();
  const canCompile = ['g++', 'make', 'python3'].every((command) => findCommand(command) !== undefined);
  const stampFile = path.join(here, 'node_modules/.ready');
  const stamp = stampOf(node, canCompile);
  if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) {
    process.stderr.write('Installing VS Code (code-server) into tools/vscode-host ...\n');
    rmSync(stampFile, { force: true });
    install(node, canCompile);
    writeFileSync(stampFile, stamp);
  }
  return { node, entry: path.join(codeServer, 'out/node/entry.js'), hasOutput: canCompile };
}

function install(node, canCompile) {
  const env = {
    ...process.env,
    HUSKY: '0',
    PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}`,
  };
  const run = (cwd, command, ...args) =>
    execFileSync(command, args, { cwd, env, stdio: ['ignore', 'ignore', 2] });
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  run(here, 'npm', 'ci', '--engine-strict=false', ...quiet);
  const vscode = path.join(codeServer, 'lib/vscode');
  for (const folder of [vscode, path.join(vscode, 'extensions')]) {
    // `npm ci` refuses code-server's shrinkwraps, and npm 12 reads only a file of this name as a lockfile.
    copyFileSync(path.join(folder, 'npm-shrinkwrap.json'), path.join(folder, 'package-lock.json'));
    run(folder, 'npm', 'install', '--omit=dev', ...quiet);
  }
  if (!canCompile) return;
  const headers = path.dirname(path.dirname(node));
  const nodeGyp = path.join(here, 'node_modules/node-gyp/bin/node-gyp.js');
  const nodedir = existsSync(path.join(headers, 'include/node/node.h')) ? [`--nodedir=${headers}`] : [];
  for (const [name, built] of Object.entries(addOns)) {
    const folder = path.join(vscode, 'node_modules/@vscode', name);
    run(folder, node, nodeGyp, 'rebuild', ...nodedir, '--silent');
    run(here, node, '-e', 'require(process.argv[1])', path.join(vscode, 'node_modules/@vscode', built));
  }
}

/** code-server wants exactly this major version, and the add-ons its headers. */
function nodeOfCodeServer() {
  const isRight = process.versions.node.startsWith('24.');
  const headers = path.join(path.dirname(path.dirname(process.execPath)), 'include/node/node.h');
  return isRight && (existsSync(headers) || process.platform !== 'linux') ? process.execPath : pinnedNode();
}

function stampOf(node, canCompile) {
  const hash = createHash('sha256');
  for (const file of ['package-lock.json', 'setup.mjs']) hash.update(readFileSync(path.join(here, file)));
  const version = execFileSync(node, ['-p', 'process.version'], { encoding: 'utf8' });
  return hash.update(version).update(String(canCompile)).digest('hex');
}
