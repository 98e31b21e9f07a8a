// npm run image [-- --arch arm64]: makes dist/egress-router-agent-<version>.oci.tar, or the same with -<arch> behind
// the version, from Debian packages, with no registry at hand. Needs root on Debian or Ubuntu, mmdebstrap and umoci,
// and for another processor than this machine's Debian, with its compiler for that one; nothing of the image is run.
// The same inputs give the same bytes: times are those of SOURCE_DATE_EPOCH, by default of the last commit.
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from '../esbuild.mjs';
import { buildCni } from '../tools/quickjs/build-cni.mjs';
import { makeBaseLayer } from './image/base-layer.mjs';
import { makeProgramLayer } from './image/program-layer.mjs';
import { run } from './image/run.mjs';
import { onNode24, pinnedNode, root } from './node24.mjs';
import { isUbuntu } from './setup.mjs';

/** By what images call the processors, what Node calls them. */
const processors = { amd64: 'x64', arm64: 'arm64' };

await onNode24(import.meta.url);
if (import.meta.main) {
  try {
    const { values } = parseArgs({ options: { arch: { type: 'string' } } });
    console.error(`Wrote ${path.relative(root, await makeImage(values.arch))}.`);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}

/** Gives the path of the archive. */
async function makeImage(wanted) {
  const own = Object.keys(processors).find((name) => processors[name] === process.arch);
  const architecture = wanted ?? own ?? process.arch;
  refuseElsewhere(architecture);
  await build({ only: ['operator', 'router'] });
  const { name, version, license } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
  const epoch = sourceDateEpoch();
  const work = await mkdtemp(path.join(tmpdir(), 'egress-router-image-'));
  try {
    const plugin = path.join(work, 'egress-router');
    await buildCni({ arch: processors[architecture], outfile: plugin });
    const node = pinnedNode(processors[architecture]);
    const base = await makeBaseLayer(work, epoch, architecture);
    const programs = await makeProgramLayer(work, epoch, { node, plugin, debianPackages: base.packages });
    const layout = path.join(work, 'layout');
    // podman and containerd name the image by this reference.
    const image = `${layout}:egress-router-agent:${version}`;
    const created = new Date(epoch * 1000).toISOString();
    const history = (what) => ['--history.created', created, '--history.created_by', what];
    run('umoci', ['init', '--layout', layout]);
    run('umoci', ['new', '--image', image]);
    run('umoci', ['raw', 'add-layer', '--image', image, ...history('Debian packages'), base.tar]);
    run('umoci', ['raw', 'add-layer', '--image', image, ...history(name), programs]);
    run('umoci', [
      'config',
      '--image',
      image,
      '--no-history',
      '--created',
      created,
      ...configuration(version, license, architecture),
    ]);
    run('umoci', ['gc', '--layout', layout]);
    const tag = wanted === undefined ? version : `${version}-${wanted}`;
    const archive = path.join(root, `dist/egress-router-agent-${tag}.oci.tar`);
    await mkdir(path.dirname(archive), { recursive: true });
    packReproducibly(layout, `${archive}.new`, epoch);
    await rename(`${archive}.new`, archive);
    return archive;
  } finally {
    await rm(work, { recursive: true });
  }
}

function configuration(version, license, architecture) {
  const labels = {
    'org.opencontainers.image.title': 'egress-router-agent',
    'org.opencontainers.image.description': 'Operator, router process and CNI plugin of Egress Router Tools',
    'org.opencontainers.image.version': version,
    'org.opencontainers.image.licenses': license,
  };
  const settings = {
    architecture,
    os: 'linux',
    'config.user': '65532:65532',
    'config.workingdir': '/',
    'config.env': 'PATH=/usr/sbin:/usr/bin:/sbin:/bin',
    'config.entrypoint': '/usr/bin/egress-router-operator',
  };
  return [
    ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    ...Object.entries(labels).flatMap(([key, value]) => ['--config.label', `${key}=${value}`]),
  ];
}

function packReproducibly(folder, archive, epoch) {
  const flags = [
    '--sort=name',
    `--mtime=@${epoch}`,
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    '--format=gnu',
  ];
  run('tar', [
    ...flags,
    '--mode=u=rwX,go=rX',
    '-C',
    folder,
    '-cf',
    archive,
    'blobs',
    'index.json',
    'oci-layout',
  ]);
}

function refuseElsewhere(architecture) {
  if (process.platform !== 'linux' || process.getuid() !== 0) {
    throw new Error(
      'The image is made as root on Debian or Ubuntu; agent/deploy/Containerfile works elsewhere.',
    );
  }
  if (!Object.hasOwn(processors, architecture)) {
    throw new Error(
      `No image is made for ${architecture}: --arch takes ${Object.keys(processors).join(' and ')}.`,
    );
  }
  if (processors[architecture] !== process.arch && isUbuntu()) {
    throw new Error(
      `The image for ${architecture} is made on Debian: Ubuntu has the packages of each processor on mirrors of its own.`,
    );
  }
  const missing = ['mmdebstrap', 'umoci', 'tar'].filter((name) => spawnSync(name, ['--version']).error);
  if (missing.length > 0) throw new Error(`Missing: apt-get install ${missing.join(' ')}`);
}

function sourceDateEpoch() {
  const given = process.env.SOURCE_DATE_EPOCH;
  if (given !== undefined) return Number(given);
  const git = spawnSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' });
  return git.status === 0 ? Number(git.stdout) : 0;
}
