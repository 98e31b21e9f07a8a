import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { run } from './run.mjs';

/**
 * For the router process: ip, nft and conntrack. For Node: the C and C++ libraries. For the script by which the
 * Cluster Network Operator copies the plugin to nodes: bash, find, cp, mv, date and uuidgen.
 */
const packages =
  'base-files libc6 libgcc-s1 libstdc++6 libatomic1 netbase bash dash coreutils findutils grep sed util-linux ' +
  'uuid-runtime iproute2 nftables conntrack';

/** Never used here. Copyright files stay, everything else that only people read goes. */
const unwantedShares = 'man info locale lintian bash-completion perl perl5 bug menu pixmaps gdb gcc';
const unwanted =
  'usr/bin/*perl* usr/lib/*/perl* usr/lib/*/libperl* usr/lib/*/libdb-* usr/lib/*/gconv usr/include usr/lib/udev ' +
  'usr/lib/systemd var/log/*';

const hook = [
  'set -eu',
  'cd "$1"',
  'for file in var/cache/apt/archives/*.deb; do',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-deb fills it in
  '  dpkg-deb -W --showformat=\'${Package} ${Version} ${Architecture}\\n\' "$file"',
  'done >"$PACKAGE_LIST"',
  `for name in ${unwantedShares}; do rm -rf "usr/share/$name"; done`,
  `rm -rf ${unwanted}`,
  'find usr/share/doc -mindepth 1 ! -type d ! -name copyright -delete',
  // Nothing in a router or operator is to gain rights.
  'find . -xdev -type f -perm /6000 -exec chmod a-s {} +',
].join('\n');

/** Gives the path of the layer and the Debian packages in it. */
export async function makeBaseLayer(work, epoch, architecture) {
  const { suite, sources } = aptSources();
  const sourcesFile = path.join(work, 'sources.list');
  const packageList = path.join(work, 'packages.txt');
  const tar = path.join(work, 'base.tar');
  await writeFile(sourcesFile, sources);
  const proxies = run('apt-config', ['dump', '--format', '%F "%v";%n', 'Acquire'])
    .split('\n')
    .filter((line) => /::proxy/i.test(line));
  run(
    'mmdebstrap',
    [
      '--variant=extract',
      '--mode=root',
      '--quiet',
      `--architectures=${architecture}`,
      `--include=${packages.replaceAll(' ', ',')}`,
      ...proxies.map((line) => `--aptopt=${line}`),
      `--extract-hook=${hook}`,
      suite,
      tar,
      sourcesFile,
    ],
    { SOURCE_DATE_EPOCH: String(epoch), PACKAGE_LIST: packageList },
  );
  const lines = (await readFile(packageList, 'utf8')).trim().split('\n');
  const found = lines.map((line) => {
    const [name, version, architecture] = line.split(' ');
    return { name, version, architecture };
  });
  return { tar, packages: found };
}

/** The machine's own mirrors of its distribution. */
function aptSources() {
  const format = '$(ORIGIN)|$(CODENAME)|deb $(REPO_URI) $(RELEASE) $(COMPONENT)';
  const targets = run('apt-get', ['indextargets', '--format', format, 'Created-By: Packages']);
  const entries = targets
    .trim()
    .split('\n')
    .map((line) => line.split('|'));
  const own = entries.filter(
    ([origin, , line]) => ['Debian', 'Ubuntu'].includes(origin) && / (main|universe)$/.test(line),
  );
  const codename = own[0]?.[1];
  if (codename === undefined) {
    throw new Error('apt knows no mirror of Debian or Ubuntu: run `apt-get update` first.');
  }
  const suite = codename.replace(/-(updates|security|backports)$/, '');
  const wanted = own.filter(([, , line]) => !line.includes('backports'));
  return { suite, sources: wanted.map(([, , line]) => `${line}\n`).join('') };
}
