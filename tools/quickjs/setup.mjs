// Makes QuickJS' compiler and library from Debian's source package, below .tools/quickjs.
// Node's built-in modules only; no program but apt-get, tar, make, gcc, ar and cp is started.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The version that is built, and the archive that it is in. Debian's changes to it concern packaging only. */
const pinned = {
  version: '2025.04.26-1',
  suite: 'trixie',
  archive: 'quickjs_2025.04.26.orig.tar.xz',
  sha256: 'ec81da5b3249ed648dbc7df4a1654988910e66a118d9b71cb63534216efcfbbe',
};

const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/**
 * The processors that the CNI executable is built for, in Node's words; Debian's packages that compile for each on
 * another, and how their programs are called; and O_NOFOLLOW of open(2).
 */
const processors = {
  x64: {
    prefix: 'x86_64-linux-gnu-',
    crossPackages: ['gcc-x86-64-linux-gnu', 'libc6-dev-amd64-cross'],
    openWithoutFollowing: 0o400000,
  },
  arm64: {
    prefix: 'aarch64-linux-gnu-',
    crossPackages: ['gcc-aarch64-linux-gnu', 'libc6-dev-arm64-cross'],
    openWithoutFollowing: 0o100000,
  },
};

/**
 * The compiler of JavaScript runs here; library and C compiler are for the processor `arch`, in Node's words.
 * @param {{ root?: string, arch?: string, log?: (line: string) => void }} [options]
 * @throws {QuickJsError} saying what to install or to do
 */
export function ensureQuickJs({ root = projectRoot, arch = process.arch, log = () => {} } = {}) {
  const processor = processors[arch];
  if (processor === undefined) {
    throw new QuickJsError(`the CNI executable is built for x86-64 and arm64, and this is ${arch}`);
  }
  const isForeign = arch !== process.arch;
  const prefix = isForeign ? processor.prefix : '';
  const pair = isForeign ? `${process.arch}-for-${arch}` : arch;
  const folder = join(root, '.tools', 'quickjs', `${pinned.version}-${pair}`);
  requirePrograms(isForeign ? processor : undefined);
  const made = {
    folder,
    qjsc: isForeign ? ensureQuickJs({ root, log }).qjsc : join(folder, 'qjsc'),
    gcc: `${prefix}gcc`,
    library: join(folder, 'libquickjs.a'),
    openWithoutFollowing: processor.openWithoutFollowing,
    version: pinned.version,
  };
  if (existsSync(join(folder, 'ready'))) return made;
  const work = mkdtempSync(join(tmpdir(), 'egress-router-quickjs-'));
  try {
    log(`building QuickJS ${pinned.version} for ${arch} (once, half a minute)`);
    const archive = download(work);
    const source = join(work, 'source');
    mkdirSync(source);
    run('tar', ['-xf', archive, '-C', source, '--strip-components=1']);
    const wanted = isForeign ? ['libquickjs.a'] : ['qjsc', 'libquickjs.a'];
    run('make', ['-C', source, `-j${availableParallelism()}`, `CROSS_PREFIX=${prefix}`, ...wanted]);
    install(source, folder, wanted);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return made;
}

export class QuickJsError extends Error {
  name = 'QuickJsError';
}

function requirePrograms(foreign) {
  if (process.platform !== 'linux') {
    throw new QuickJsError(
      `the CNI executable is built on Linux, and this is ${process.platform}; everything else works without it`,
    );
  }
  const wanted = { gcc: 'gcc', make: 'make', tar: 'tar', xz: 'xz-utils', ar: 'binutils', 'apt-get': 'apt' };
  const packages = Object.entries(wanted).flatMap(([program, name]) => (isOnPath(program) ? [] : [name]));
  if (!hasStaticLibc('gcc')) packages.push('libc6-dev');
  if (foreign !== undefined && !hasStaticLibc(`${foreign.prefix}gcc`))
    packages.push(...foreign.crossPackages);
  if (packages.length === 0) return;
  throw new QuickJsError(
    `to build the CNI executable, install what is missing: apt-get install --no-install-recommends ${packages.join(' ')}`,
  );
}

function isOnPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}

function hasStaticLibc(gcc) {
  const found = spawnSync(gcc, ['-print-file-name=libc.a'], { encoding: 'utf8' });
  return found.status === 0 && existsSync(found.stdout.trim());
}

/**
 * From the mirror that this machine's own package lists come from, by a configuration of its own: nothing is
 * written outside of `work`, and the machine's settings (proxies) hold.
 */
function download(work) {
  const archive = findArchive();
  if (!existsSync(archive.keyring)) {
    throw new QuickJsError(
      `QuickJS' source cannot be verified without ${archive.keyring}: apt-get install ${archive.keyringPackage}`,
    );
  }
  const sources = join(work, 'source.sources');
  writeFileSync(
    sources,
    `Types: deb-src\nURIs: ${archive.uri}\nSuites: ${archive.suite}\nComponents: ${archive.component}\nSigned-By: ${archive.keyring}\n`,
  );
  for (const folder of ['lists/partial', 'archives/partial', 'state']) {
    mkdirSync(join(work, folder), { recursive: true });
  }
  const settings = [
    `Dir::Etc::SourceList=${sources}`,
    'Dir::Etc::SourceParts=/dev/null',
    `Dir::State=${join(work, 'state')}`,
    `Dir::State::Lists=${join(work, 'lists')}`,
    `Dir::Cache=${work}`,
    'Dir::Cache::Archives=archives',
    // The folder belongs to whoever runs this, not to the user that apt would change to.
    ...(process.getuid?.() === 0 ? ['APT::Sandbox::User=root'] : []),
  ].flatMap((setting) => ['-o', setting]);
  // Where the mirror cannot be reached, this only warns, and exits with 0.
  run('apt-get', [...settings, '-qq', '-o', 'APT::Update::Error-Mode=any', 'update'], work);
  run('apt-get', [...settings, '-qq', 'source', '--download-only', '--only-source', archive.source], work);
  const file = readdirSync(work).find((name) => /^quickjs_.*\.orig\.tar\./.test(name));
  if (file === undefined)
    throw new QuickJsError(`${archive.uri} has no source of quickjs in ${archive.suite}`);
  const path = join(work, file);
  const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
  // Ubuntu's archive has the version that its suite has: there, the signature that apt has checked must do.
  const isExpected = file === pinned.archive ? sha256 === pinned.sha256 : !archive.isPinned;
  if (isExpected) return path;
  throw new QuickJsError(
    `${archive.uri} gave ${file} with SHA-256 ${sha256}; expected was ${pinned.archive} with ${pinned.sha256}`,
  );
}

function findArchive() {
  const own = ownRelease();
  const known = indexTargets();
  // Before the first "apt-get update" the origin of an archive is not known, but the name of its suite is.
  const configured = indexTargets('--no-release-info');
  const uriOf = (name) =>
    known.find(([origin, label]) => origin === name && label === name)?.[4] ??
    configured.find(
      ([, , release, component]) => own.name === name && release === own.codename && component === 'main',
    )?.[4];
  const debian = uriOf('Debian');
  if (debian) {
    const keyringPackage = 'debian-archive-keyring';
    return {
      uri: debian,
      suite: pinned.suite,
      component: 'main',
      source: `quickjs=${pinned.version}`,
      isPinned: true,
      keyring: `/usr/share/keyrings/${keyringPackage}.gpg`,
      keyringPackage,
    };
  }
  const ubuntu = uriOf('Ubuntu');
  if (ubuntu) {
    const keyringPackage = 'ubuntu-keyring';
    return {
      uri: ubuntu,
      suite: own.codename,
      component: 'universe',
      source: 'quickjs',
      isPinned: false,
      keyring: '/usr/share/keyrings/ubuntu-archive-keyring.gpg',
      keyringPackage,
    };
  }
  throw new QuickJsError(
    'the CNI executable needs QuickJS, which is built from the source package of Debian or Ubuntu; ' +
      'apt on this machine is set up for neither',
  );
}

function indexTargets(...options) {
  const format = '$(ORIGIN)|$(LABEL)|$(RELEASE)|$(COMPONENT)|$(REPO_URI)';
  const listed = spawnSync('apt-get', ['indextargets', ...options, '--format', format], { encoding: 'utf8' });
  return (listed.stdout ?? '').split('\n').map((line) => line.split('|'));
}

function ownRelease() {
  const text = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  const valueOf = (key) => new RegExp(`^${key}="?([A-Za-z]+)"?$`, 'm').exec(text)?.[1] ?? '';
  const id = valueOf('ID');
  return { name: id.charAt(0).toUpperCase() + id.slice(1), codename: valueOf('VERSION_CODENAME') };
}

/** Renamed into place when it is complete, so that an interrupted run leaves nothing that looks ready. */
function install(source, folder, made) {
  const partial = `${folder}.${process.pid}`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const headers = readdirSync(source).filter((file) => file.endsWith('.h'));
  for (const file of [...made, ...headers]) {
    run('cp', ['-p', join(source, file), join(partial, file)]);
  }
  writeFileSync(join(partial, 'ready'), `${pinned.version}\n`);
  rmSync(folder, { recursive: true, force: true });
  renameSync(partial, folder);
}

function run(program, args, cwd) {
  const done = spawnSync(program, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (done.status === 0) return;
  const said = (done.stderr ?? '').trim().split('\n').slice(-8).join('\n');
  const what = args.filter((arg) => !/^-|[/=:]/.test(arg)).join(' ');
  throw new QuickJsError(`${program} ${what} failed: ${done.error?.message ?? ''}${said}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(ensureQuickJs({ log: (line) => console.error(line) }).folder);
  } catch (error) {
    console.error(`tools/quickjs: ${error instanceof QuickJsError ? error.message : error.stack}`);
    process.exitCode = 1;
  }
}
