import { expect, test } from 'vitest';
import { endStale } from '#agent/router/end-stale.ts';
import { toNftState } from '#agent/router/nft-state.ts';
import type { Completion } from '#agent/router/run-command.ts';

const nothing = 'conntrack v1.4.7 (conntrack-tools): 0 flow entries have been deleted.\n';

test('nothing is stale, nothing is run', async () => {
  await check([], {}, [], { ended: 0 });
});

test('each is ended, and then forgotten; one without connections is no failure', async () => {
  await check(
    [270_224, (1 << 25) | 6],
    { '--mark 270224': exited(0, '', nothing.replace('0 flow', '2 flow')) },
    [
      'conntrack -D -f ipv4 --mark 270224',
      'conntrack -D -f ipv6 --mark 16777215',
      'nft -f - flush set inet egress_router stale\n',
    ],
    { ended: 2 },
  );
});

test('what cannot be ended stays in the table for the next time', async () => {
  await check(
    [270_224],
    { conntrack: { kind: 'never-started', reason: 'spawn conntrack ENOENT' } },
    ['conntrack -D -f ipv4 --mark 270224'],
    {
      ended: 0,
      fault:
        'Connections of 8080/TCP (IPv4) that began before the rules changed cannot be ended: conntrack: spawn conntrack ENOENT.',
    },
  );
});

test('of many, only those that have connections are asked for', async () => {
  const stale = Array.from({ length: 40 }, (_, index) => (1 << 18) | (9000 + index));
  await check(
    stale,
    { '-L -f ipv4': exited(0, `udp 17 29 src=10.0.0.2 mark=${stale[7]} use=1\n`) },
    [
      'conntrack -L -f ipv4',
      'conntrack -L -f ipv6',
      `conntrack -D -f ipv4 --mark ${stale[7]}`,
      'nft -f - flush set inet egress_router stale\n',
    ],
    { ended: 0 },
  );
});

/** @param answers by a part of the command line; what none is for finds nothing */
async function check(
  elem: readonly number[],
  answers: Readonly<Record<string, Completion>>,
  commands: readonly string[],
  outcome: Awaited<ReturnType<typeof endStale>>,
): Promise<void> {
  const state = toNftState({ nftables: [{ set: { name: 'stale', elem } }] });
  const ran: string[] = [];
  const run = (command: string, args: readonly string[], stdin?: string): Promise<Completion> => {
    const line = [command, ...args, ...(stdin === undefined ? [] : [stdin])].join(' ');
    ran.push(line);
    const answer = Object.entries(answers).find(([part]) => line.includes(part))?.[1];
    return Promise.resolve(answer ?? exited(line.includes('-D') ? 1 : 0, '', nothing));
  };
  expect(await endStale(run, state)).toEqual(outcome);
  expect(ran).toEqual(commands);
}

function exited(code: number, stdout: string, stderr = ''): Completion {
  return { kind: 'exited', code, stdout, stderr };
}
