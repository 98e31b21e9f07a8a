import { expect, test } from 'vitest';
import { parseCommand, type SandboxCommand } from '#sandbox/options.ts';

function check(line: string, expected: SandboxCommand): void {
  expect(parseCommand(line.split(' ').filter((word) => word !== ''))).toEqual(expected);
}

test('the command line is read', () => {
  const start = { kind: 'start', folder: '/x', context: 'sandbox', isTied: false, volumeDelayMs: 0 } as const;
  check('--dir /x', { ...start, isSimulated: false, api: 'auto' });
  check('--simulate --api real --dir /x', { ...start, isSimulated: true, api: 'real' });
  check('--tied --context mine --dir /x', {
    ...start,
    context: 'mine',
    isTied: true,
    isSimulated: false,
    api: 'auto',
  });
  check('--volume-delay 75 --dir /x', { ...start, isSimulated: false, api: 'auto', volumeDelayMs: 75_000 });
  check('client --dir /x -- curl -s --dir http://a:80', {
    kind: 'client',
    folder: '/x',
    argv: ['curl', '-s', '--dir', 'http://a:80'],
  });
  check('lan-server 203.0.113.25', { kind: 'lan-server', addresses: ['203.0.113.25'] });
  check('--help', { kind: 'help' });
  check('client --help', { kind: 'help' });
});

test('what is missing or unknown is named', () => {
  check('', { kind: 'wrong', message: '--dir is missing: name a folder for the sandbox.' });
  check('--dir /x --api other', {
    kind: 'wrong',
    message: '--api must be one of auto, built-in, real, not "other".',
  });
  check('--dir /x --volume-delay soon', {
    kind: 'wrong',
    message: '--volume-delay must be a number of seconds, not "soon".',
  });
  check('client --dir /x', {
    kind: 'wrong',
    message: 'the command is missing: write it behind --, as in -- curl -sS http://HOST:PORT',
  });
  check('client -- ls', { kind: 'wrong', message: '--dir is missing: name the folder of the sandbox.' });
});
