import { expect, test } from 'vitest';
import { parseOptions, type RouterOptions } from '#agent/router/options.ts';

test.each<readonly [string, RouterOptions]>([
  ['', { kind: 'serve', port: 9410 }],
  ['--port 0', { kind: 'serve', port: 0 }],
  ['inspect', { kind: 'inspect', output: 'text', port: 9410 }],
  ['inspect -o json', { kind: 'inspect', output: 'json', port: 9410 }],
  ['--help', { kind: 'help' }],
  ['inspect -o yaml', { kind: 'wrong', message: '--output is json or text, not "yaml".' }],
  ['--port x', { kind: 'wrong', message: '--port must be a port, not "x".' }],
  ['repair', { kind: 'wrong', message: 'There is no command "repair".' }],
])('%s', (line, options) => {
  expect(parseOptions(line.split(' ').filter(Boolean))).toEqual(options);
});
