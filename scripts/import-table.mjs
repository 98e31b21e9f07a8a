// Who may import what. The one place where it is written: .oxlintrc.json is generated from it, and
// test/boundaries.test.ts holds the linter, the compiler's project references and the tree against it.

const node = ['node:*', 'node:*/**'];

const besideApi = {
  may: ['#core/**', '#cluster/**', '#sandbox/**', ...node],
  not: ['#sandbox/api/**'],
};

/**
 * Each area's folder, and the only specifiers that its files may import besides files of the folder itself.
 * Patterns are literal: `*` stops at a slash, so a package with subpaths needs a second one with `/**`.
 * An area inside another's folder has rules of its own.
 * @typedef {{ readonly folder: string, readonly may: readonly string[], readonly not?: readonly string[] }} Area
 * @type {readonly Area[]}
 */
export const areas = [
  { folder: 'core/src', may: ['#core/**'] },
  {
    folder: 'cluster/src',
    may: ['#core/**', '#cluster/**', '@kubernetes/client-node', 'js-yaml', 'socks', 'undici', ...node],
  },
  {
    folder: 'language/src',
    may: [
      '#core/**',
      '#language/**',
      'yaml',
      'yaml-language-server',
      'vscode-languageserver-types',
      'vscode-languageserver-textdocument',
    ],
  },
  {
    folder: 'server/src',
    may: [
      '#core/**',
      '#language/**',
      '#server/**',
      'vscode-languageserver',
      'vscode-languageserver/**',
      'vscode-languageserver-*',
      ...node,
    ],
  },
  {
    folder: 'client/src',
    may: [
      '#core/**',
      '#cluster/**',
      '#client/**',
      'vscode',
      'vscode-languageclient',
      'vscode-languageclient/**',
      ...node,
    ],
  },
  { folder: 'agent/src/operator', may: ['#core/**', '#cluster/**', '#agent/operator/**', ...node] },
  // `std` and `os` are what the engine brings that the CNI executable is compiled with; `netns` is
  // tools/quickjs/netns.c.
  { folder: 'agent/src/cni', may: ['#core/**', '#agent/cni/**', 'std', 'os', 'netns'] },
  { folder: 'agent/src/router', may: ['#core/**', '#agent/router/**', ...node] },
  // `sarif` is types only.
  { folder: 'cli/src', may: ['#core/**', '#cluster/**', '#language/**', '#cli/**', 'sarif', ...node] },
  { folder: 'sandbox/src', may: ['#core/**', '#cluster/**', '#sandbox/**', 'yaml', ...node] },
  {
    folder: 'sandbox/src/api',
    may: [
      '#core/**',
      '#sandbox/api/**',
      '@marcbachmann/cel-js',
      'yaml',
      'ws',
      '@peculiar/x509',
      'reflect-metadata',
      ...node,
    ],
  },
  // These speak the Kubernetes API, so that they also run against a real one.
  { folder: 'sandbox/src/workloads', ...besideApi },
  { folder: 'sandbox/src/node', may: [...besideApi.may, 'ws'], not: besideApi.not },
  { folder: 'sandbox/src/lan', ...besideApi },
];

/**
 * Whether a file of the area may import a specifier that is not a relative path.
 * @param {Area} area
 * @param {string} specifier
 */
export function mayImport({ may, not = [] }, specifier) {
  return may.some((each) => matches(each, specifier)) && !not.some((each) => matches(each, specifier));
}

/** The linter's rules that say the same. A later override replaces an earlier one for the files of both. */
export function toLinterOverrides() {
  return areas.map((area) => ({
    files: [`${area.folder}/**`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['*', ...['./**', '../**', ...area.may].map((each) => `!${each}`), ...refused(area)],
              message: `${area.folder} may import ${area.may.join(' ')} and its own files: scripts/import-table.mjs.`,
            },
          ],
        },
      ],
    },
  }));
}

/** What `may` would let through, and relative ways out: through another's `src`, or to a neighbour below the same. */
function refused(area) {
  const { folder, not = [] } = area;
  const [parent, own] = split(folder);
  const neighbours = areas
    .map((other) => split(other.folder))
    .filter(([of, name]) => of === parent && name !== own);
  const closed = neighbours.filter(([, name]) => !mayImport(area, `#${parent.split('/')[0]}/${name}/x.ts`));
  return ['../**/src/**', ...not, ...(own === 'src' ? [] : closed.map(([, name]) => `../**/${name}/**`))];
}

function split(folder) {
  const slash = folder.lastIndexOf('/');
  return [folder.slice(0, slash), folder.slice(slash + 1)];
}

function matches(pattern, specifier) {
  const literal = (text) => text.replaceAll(/[.+^${}()|[\]\\?]/g, '\\$&').replaceAll('*', '[^/]*');
  return new RegExp(`^${pattern.split('**').map(literal).join('.*')}$`).test(specifier);
}
