import { expect, test } from 'vitest';
import { type OptionsReading, parseOptions } from '#agent/operator/options.ts';

test.each<readonly [string, OptionsReading]>([
  ['', { kind: 'run', options: { image: 'egress-router-agent' } }],
  [
    '--kubeconfig /k --image i:1 --namespace demo --health-port 0',
    { kind: 'run', options: { kubeconfig: '/k', image: 'i:1', namespace: 'demo', healthPort: 0 } },
  ],
  ['-h', { kind: 'help' }],
  ['--health-port http', { kind: 'wrong', message: '--health-port must be a port, not "http".' }],
  ['--health-port 65536', { kind: 'wrong', message: '--health-port must be a port, not "65536".' }],
])('%s', (line, reading) => {
  expect(parseOptions(line.split(' ').filter(Boolean), {})).toEqual(reading);
});

test('the image comes from the environment, but the command line has the last word', () => {
  const env = { EGRESS_ROUTER_IMAGE: 'env:1' };
  expect(parseOptions([], env)).toEqual({ kind: 'run', options: { image: 'env:1' } });
  expect(parseOptions(['--image', 'arg:1'], env)).toEqual({ kind: 'run', options: { image: 'arg:1' } });
});

test('what is not an option is refused', () => {
  expect(parseOptions(['--kubekonfig', '/k'], {}).kind).toBe('wrong');
  expect(parseOptions(['serve'], {}).kind).toBe('wrong');
});
