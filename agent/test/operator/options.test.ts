import { expect, test } from 'vitest';
import { type OptionsReading, parseOptions } from '#agent/operator/options.ts';

const election = { durationMs: 15_000 };
const podAccess = { kind: 'direct' } as const;

test.each<readonly [string, OptionsReading]>([
  ['', { kind: 'run', options: { podAccess, election } }],
  [
    '--kubeconfig /k --image i:1 --namespace demo --health-port 0',
    {
      kind: 'run',
      options: { podAccess, kubeconfig: '/k', image: 'i:1', namespace: 'demo', healthPort: 0, election },
    },
  ],
  [
    '--lease-namespace ops --lease-duration 30',
    {
      kind: 'run',
      options: { podAccess, election: { namespace: 'ops', durationMs: 30_000 } },
    },
  ],
  ['--leader-elect=false', { kind: 'run', options: { podAccess } }],
  ['--ask-pods=false', { kind: 'run', options: { election } }],
  [
    '--ask-pods=/run/pods.sock',
    { kind: 'run', options: { podAccess: { kind: 'proxy', socket: '/run/pods.sock' }, election } },
  ],
  [
    '--ask-pods=1',
    { kind: 'wrong', message: '--ask-pods must be true, false, or the absolute path of a socket, not "1".' },
  ],
  ['--leader-elect no', { kind: 'wrong', message: '--leader-elect must be true or false, not "no".' }],
  ['--lease-duration 0', { kind: 'wrong', message: '--lease-duration must be whole seconds, not "0".' }],
  ['-h', { kind: 'help' }],
  ['--health-port http', { kind: 'wrong', message: '--health-port must be a port, not "http".' }],
  ['--health-port 65536', { kind: 'wrong', message: '--health-port must be a port, not "65536".' }],
])('%s', (line, reading) => {
  expect(parseOptions(line.split(' ').filter(Boolean), {})).toEqual(reading);
});

test('image and namespace come from the environment, but the command line has the last word', () => {
  const env = { EGRESS_ROUTER_IMAGE: 'env:1', POD_NAMESPACE: 'env' };
  const inEnv = { podAccess, image: 'env:1', election: { ...election, namespace: 'env' } };
  expect(parseOptions([], env)).toEqual({ kind: 'run', options: inEnv });
  const options = { podAccess, image: 'arg:1', election: { ...election, namespace: 'arg' } };
  const line = ['--image', 'arg:1', '--lease-namespace', 'arg'];
  expect(parseOptions(line, env)).toEqual({ kind: 'run', options });
});

test('what is not an option is refused', () => {
  expect(parseOptions(['--kubekonfig', '/k'], {}).kind).toBe('wrong');
  expect(parseOptions(['serve'], {}).kind).toBe('wrong');
});
