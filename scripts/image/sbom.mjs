import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../node24.mjs';

/** All that the image is made of, as CycloneDX 1.6: Debian packages, Node, and the npm packages in the bundles. */
export async function toSbom({ debianPackages, nodeVersion, maps, epoch }) {
  const { name, version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
  const components = [
    { type: 'application', name: 'node', version: nodeVersion, purl: `pkg:generic/node@${nodeVersion}` },
    ...debianPackages.map((one) => ({
      type: 'library',
      name: one.name,
      version: one.version,
      purl: `pkg:deb/debian/${one.name}@${encodeURIComponent(one.version)}?arch=${one.architecture}`,
    })),
    ...(await npmComponents(maps)),
  ];
  const document = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      timestamp: new Date(epoch * 1000).toISOString(),
      component: { type: 'container', name: 'egress-router-agent', version, group: name },
    },
    components: components.toSorted((a, b) => (a.purl < b.purl ? -1 : 1)),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

async function npmComponents(maps) {
  const folders = new Set();
  for (const map of maps) {
    const { sources } = JSON.parse(await readFile(map, 'utf8'));
    for (const source of sources) {
      const folder = /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(path.resolve(path.dirname(map), source))?.[0];
      if (folder !== undefined) folders.add(folder);
    }
  }
  return Promise.all(
    [...folders].map(async (folder) => {
      const found = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
      const purl = `pkg:npm/${found.name.replace('@', '%40')}@${found.version}`;
      const licenses = typeof found.license === 'string' ? [{ expression: found.license }] : undefined;
      return {
        type: 'library',
        name: found.name,
        version: found.version,
        purl,
        ...(licenses && { licenses }),
      };
    }),
  );
}
