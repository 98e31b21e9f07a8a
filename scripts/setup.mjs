// Installs what is missing. Asking again when nothing is missing takes a few milliseconds.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { aptPackages } from './apt-packages.mjs';
import { root } from './node24.mjs';

/**
 * Brings the npm packages in step with the lockfile and, as root on Debian or Ubuntu, installs system packages.
 * Never fails for a system package: gives the names of those that are still missing.
 * @param {'build' | 'start' | 'test'} group what the machine is set up for
 */
export function setup(group) {
  installNpmPackages();
  return group === 'build' ? [] : installSystemPackages(group);
}

/** Where a command is, also in the folders of root's commands, which other users' PATH leaves out. */
export function findCommand(name) {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/sbin'];
  return folders.map((folder) => path.join(folder, name)).find(isExecutable);
}

/** The browser for tests: CHROMIUM, or what a distribution or a vendor installs. */
export function findBrowser() {
  if (process.env.CHROMIUM) return isExecutable(process.env.CHROMIUM) ? process.env.CHROMIUM : undefined;
  const names = ['chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser'];
  return names.map(findCommand).find((file) => file !== undefined && !isSnapStub(file));
}

function installNpmPackages() {
  if (isInStep()) return;
  say('Installing npm packages ...');
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (npm.status !== 0) {
    say('npm could not install the packages: see the error above, then try again.');
    process.exit(1);
  }
}

/** Whether each package of the lockfile is installed in its version; what is optional may be left out. */
function isInStep() {
  const installed = path.join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installed)) return false;
  const there = JSON.parse(readFileSync(installed, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(
    ([place, entry]) =>
      place === '' ||
      (there[place] === undefined ? entry.optional === true : there[place].version === entry.version),
  );
}

function installSystemPackages(group) {
  const isRoot = process.getuid?.() === 0;
  const isMissing = (entry) => (isRoot || !entry.root) && !isThere(entry);
  const missing = aptPackages[group].filter(isMissing);
  if (missing.length === 0) return [];
  if (findCommand('apt-get') === undefined) {
    say(`Not installed: ${list(missing)}. Install them with this system's package manager.`);
    return missing.map(({ name }) => name);
  }
  const names = missing.filter((entry) => !(entry.browser && isUbuntu())).map(({ name }) => name);
  if (names.length < missing.length) {
    say(
      "Ubuntu's chromium is a snap that tests cannot drive: set CHROMIUM to a Chromium or Chrome of your own.",
    );
  }
  if (names.length === 0) return missing.map(({ name }) => name);
  if (!isRoot) {
    say(`Not installed: ${list(missing)}. What needs them is left out. To have it, run:`);
    say(`  sudo apt-get install -y --no-install-recommends ${names.join(' ')}`);
    return missing.map(({ name }) => name);
  }
  say(`Installing ${names.join(' ')} ...`);
  if (!aptInstall(names) && aptGet(['update'])) {
    const known = names.filter((name) => spawnSync('apt-cache', ['show', name]).status === 0);
    if (known.length > 0) aptInstall(known);
  }
  const left = missing.filter(isMissing);
  if (left.length > 0) say(`apt-get could not install ${list(left)}. What needs them is left out.`);
  return left.map(({ name }) => name);
}

function aptInstall(names) {
  return aptGet(['install', '-y', '--no-install-recommends', ...names]);
}

function aptGet(args) {
  const options = ['-q', '-o', 'DPkg::Lock::Timeout=120', '-o', 'Dpkg::Use-Pty=0'];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = spawnSync('apt-get', [...options, ...args], { env, encoding: 'utf8' });
  if (apt.status !== 0) process.stderr.write(apt.stderr);
  return apt.status === 0;
}

function isThere(entry) {
  if (entry.browser) return findBrowser() !== undefined;
  return entry.file === undefined ? findCommand(entry.command) !== undefined : existsSync(entry.file);
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false; // Not there, or not ours to run: the same to the caller.
  }
}

function isSnapStub(file) {
  return isUbuntu() && readFileSync(file).subarray(0, 4096).includes('snap');
}

export function isUbuntu() {
  return existsSync('/etc/os-release') && /^ID=ubuntu$/m.test(readFileSync('/etc/os-release', 'utf8'));
}

function list(entries) {
  return entries.map(({ name, use }) => `${name} (${use})`).join(', ');
}

function say(line) {
  process.stderr.write(`${line}\n`);
}
