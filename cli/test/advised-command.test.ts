import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { advisedCommand, type Called } from '#cli/advised-command.ts';

test.each<[string, Called, string]>([
  ['no cluster', {}, 'egress-router expose a -n demo'],
  ['what a script has not set', { context: '', kubeconfig: '' }, 'egress-router expose a -n demo'],
  ['a plugin', { program: 'kubectl egress-router' }, 'kubectl egress-router expose a -n demo'],
  [
    'a namespace and an output',
    { namespace: 'b', output: 'json' } as Called,
    'egress-router expose a -n demo',
  ],
  [
    'a context as oc names it',
    { context: 'default/api-crc-testing:6443/kubeadmin' },
    'egress-router expose a -n demo --context=default/api-crc-testing:6443/kubeadmin',
  ],
  [
    'both',
    { kubeconfig: './my config', context: 'prod' },
    "egress-router expose a -n demo --context=prod --kubeconfig='./my config'",
  ],
  [
    'a name that would end the line',
    { context: 'a\nb\u001b' },
    "egress-router expose a -n demo --context='a\\nb\\x1b'",
  ],
])('the advised command names %s', (_, called, expected) => {
  expect(advisedCommand(called, 'expose', 'a', '-n', 'demo')).toBe(expected);
});

test.each(["it's", 'a b', '$HOME', '~/x', '-x', '`id`', 'C:\\kube', 'a;b', '"', '*', 'ä', '!!'])(
  'a shell reads %s as it was given',
  (kubeconfig) => {
    const command = advisedCommand({ program: "printf '%s\\n'", kubeconfig }, 'expose');
    expect(execFileSync('sh', ['-c', command], { encoding: 'utf8' })).toBe(
      `expose\n--kubeconfig=${kubeconfig}\n`,
    );
  },
);
