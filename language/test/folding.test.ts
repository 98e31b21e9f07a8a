import { expect, test } from 'vitest';
import { readYamlFile } from '#language/document.ts';
import { foldsOf } from '#language/features/folding.ts';
import { router } from './cursor.ts';

/** `wanted`: the first and the last line of each fold, counted from 1. */
function check(title: string, text: string, wanted: readonly string[]): void {
  test(title, () => {
    const lines = text.split('\n');
    const found = foldsOf(readYamlFile(text)).map(
      ({ startLine, endLine, kind }) =>
        `${kind === 'comment' ? '# ' : ''}${lines[startLine]?.trim()} … ${lines[endLine]?.trim()}`,
    );
    expect(found).toEqual(wanted);
  });
}

const folds = [
  'metadata: … namespace: web',
  'spec: … targetPort: 80',
  'addresses: … gateway: 192.168.12.1',
  '- ip: 192.168.12.99/24 … gateway: 192.168.12.1',
  'redirect: … targetPort: 80',
  'redirectRules: … targetPort: 80',
  '- port: 8080 … targetPort: 80',
];
check('a router', router, folds);
check('line ends of Windows', router.replaceAll('\n', '\r\n'), folds);
check(
  'a list in the column of its key',
  router.replace('    - ip: 192.168.12.99/24\n      gateway', '  - ip: 192.168.12.99/24\n    gateway'),
  folds,
);
check('each document of several', `${router}---\na:\n  - b\n`, [
  'apiVersion: network.operator.openshift.io/v1 … targetPort: 80',
  ...folds,
  '--- … - b',
  'a: … - b',
]);
check('comments', `# one\n# two\n${router}# alone\n`, ['# # one … # two', ...folds]);
check('blank lines at the end belong to no one', `${router}\n\n`, folds);
check('broken YAML folds as it stands', router.replace('TCP', '"TCP'), folds);
check('a file that is none of ours', 'a:\n  b:\n    c\n', []);
