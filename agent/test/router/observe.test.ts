import { expect, test } from 'vitest';
import { observe } from '#agent/router/observe.ts';
import type { RunCommand } from '#agent/router/run-command.ts';
import { at } from '#core/json-value.ts';
import { nftAnswer } from './nft-answer.ts';

const many = 10_000;

test('a large table is read set by set, and is then the same', async () => {
  const calls: string[] = [];
  const bySet = await observe(answering(calls), many);
  expect(bySet.nft).toEqual((await observe(answering([]))).nft);
  expect(calls).toContain('nft -t -j list table inet egress_router');
  expect(calls).toContain('nft -j list map inet egress_router dnat4');
  expect(calls).not.toContain('nft -j list table inet egress_router');
});

test('a set that goes meanwhile is not taken for an empty one', async () => {
  const { nft } = await observe(answering([], 'dnat4'), many);
  expect(nft.kind).toBe('absent');
});

/** Answers as `nft` does; `ip` has nothing to say. */
function answering(calls: string[], missing?: string): RunCommand {
  return (command, args) => {
    calls.push([command, ...args].join(' '));
    if (command === 'ip') return exited(0, '');
    const set = args.at(-1) === 'egress_router' ? undefined : args.at(-1);
    if (set !== undefined && set === missing) return exited(1, '', 'Error: No such file or directory\n');
    const isTerse = args.includes('-t');
    const entries = nftAnswer.nftables
      .filter((entry) => set === undefined || nameOf(entry) === set)
      .map((entry) => (isTerse ? JSON.parse(JSON.stringify(entry, withoutElements)) : entry));
    return exited(0, JSON.stringify({ nftables: entries }));
  };
}

function nameOf(entry: unknown): unknown {
  return at(entry, 'map', 'name') ?? at(entry, 'set', 'name');
}

function withoutElements(key: string, value: unknown): unknown {
  return key === 'elem' ? undefined : value;
}

async function exited(code: number, stdout: string, stderr = '') {
  return { kind: 'exited', code, stdout, stderr } as const;
}
