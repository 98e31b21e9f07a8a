import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../node24.mjs';
import { run } from './run.mjs';
import { toSbom } from './sbom.mjs';

/**
 * Gives the path of the layer: Node, the agent's programs, and the list of all that is in the image.
 * `node` and `plugin` are files for the image's processor.
 */
export async function makeProgramLayer(work, epoch, { node, plugin, debianPackages }) {
  const folder = path.join(work, 'programs');
  const put = async (target, content, mode) => {
    const file = path.join(folder, target);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
    await chmod(file, mode);
  };
  const copy = async (target, source, mode) => {
    const file = path.join(folder, target);
    await mkdir(path.dirname(file), { recursive: true });
    await copyFile(source, file);
    await chmod(file, mode);
  };
  const nodeFolder = path.dirname(path.dirname(node));
  const built = path.join(root, 'dist/agent');
  await copy('usr/bin/node', node, 0o755);
  await copy('usr/share/doc/node/LICENSE', path.join(nodeFolder, 'LICENSE'), 0o644);
  await copy('usr/share/doc/egress-router-agent/LICENSE', path.join(root, 'LICENSE'), 0o644);
  await copy('usr/src/egress-router-cni/bin/egress-router', plugin, 0o755);
  await copy('usr/bin/egress-router-install', path.join(root, 'agent/deploy/install-cni.sh'), 0o755);
  const programs = { operator: 'egress-router-operator', router: 'egress-router-agent' };
  for (const [program, command] of Object.entries(programs)) {
    await copy(`usr/lib/egress-router/${program}.mjs`, path.join(built, `${program}.mjs`), 0o644);
    await copy(`usr/bin/${command}`, path.join(root, `agent/deploy/start-${program}.sh`), 0o755);
  }
  await put(
    'etc/passwd',
    'root:x:0:0:root:/root:/bin/sh\negress:x:65532:65532::/nonexistent:/bin/false\n',
    0o644,
  );
  await put('etc/group', 'root:x:0:\negress:x:65532:\n', 0o644);
  const { version: nodeVersion } = JSON.parse(await readFile(path.join(nodeFolder, 'package.json'), 'utf8'));
  const maps = Object.keys(programs).map((program) => path.join(built, `${program}.mjs.map`));
  const sbom = await toSbom({ debianPackages, nodeVersion, maps, epoch });
  await put('usr/share/egress-router/sbom.cdx.json', sbom, 0o644);
  const tar = path.join(work, 'programs.tar');
  const flags = [
    '--sort=name',
    `--mtime=@${epoch}`,
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    '--format=gnu',
  ];
  // With the folders, as unprivileged users must be able to enter them.
  run('tar', [...flags, '--mode=u+rwX,go+rX', '-C', folder, '-cf', tar, 'etc', 'usr']);
  return tar;
}
