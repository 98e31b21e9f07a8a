import { readFile } from 'node:fs/promises';
import type { RouteFacts } from '#core/attachment/facts.ts';
import { readRoutes } from '#core/attachment/ip-json.ts';
import { nftSets, nftTable } from '#core/attachment/nft-ruleset.ts';
import { listAt, textAt } from '#core/json-value.ts';
import { routerIfName } from '#core/manifest/names.ts';
import type { Ip, IpFamily } from '#core/net/ip.ts';
import {
  type LinkState,
  type NeighborState,
  type PolicyRule,
  toLinks,
  toNeighbors,
  toPolicyRules,
} from './ip-state.ts';
import { type NftState, toNftState } from './nft-state.ts';
import type { RunCommand } from './run-command.ts';

/** A thing that was looked at: read, known not to be there, or not to be read at all. */
export type Reading<T> =
  | { readonly kind: 'read'; readonly value: T }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** The pod's network as it is. */
export interface Observation {
  readonly links: Reading<readonly LinkState[]>;
  readonly rules: Reading<readonly PolicyRule[]>;
  readonly routes: Reading<readonly RouteFacts[]>;
  readonly nft: Reading<NftState>;
}

/** What else readiness depends on, and no reload. */
export interface Surroundings {
  /** On the router's interface. */
  readonly neighbors: Reading<readonly NeighborState[]>;
  /** By the path below /proc/sys/net. What this kernel does not have is absent. */
  readonly sysctls: ReadonlyMap<string, number>;
}

/** @param ruleCount about how many rules the table has, as far as that is known */
export async function observe(run: RunCommand, ruleCount = 0): Promise<Observation> {
  const [links, rules, routes, nft] = await Promise.all([
    read(run, 'ip', ['-j', 'address', 'show'], toLinks),
    readFamilies(run, ['rule', 'show'], toPolicyRules),
    readFamilies(run, ['route', 'show', 'table', 'all'], readRoutes),
    ruleCount > manyRules ? readBySet(run) : read(run, 'nft', listTable, toNftState),
  ]);
  return { links, rules, routes, nft };
}

const listTable = ['-j', 'list', 'table', 'inet', nftTable] as const;
/** From here on it counts that `nft` needs 9 kB of the pod's memory for each rule that it lists at once. */
const manyRules = 2_000;

/** The same set by set: more work, and less than half the memory. */
async function readBySet(run: RunCommand): Promise<Reading<NftState>> {
  const terse = await read(run, 'nft', ['-t', ...listTable], entriesOf);
  if (terse.kind !== 'read') return terse;
  const entries: unknown[] = [];
  for (const entry of terse.value) {
    const set = nftSets.find(({ kind, name }) => textAt(entry, kind, 'name') === name);
    if (set === undefined) {
      entries.push(entry);
      continue;
    }
    const { kind, name } = set;
    const listed = await read(run, 'nft', ['-j', 'list', kind, 'inet', nftTable, name], entriesOf);
    if (listed.kind !== 'read') return listed;
    entries.push(...listed.value);
  }
  return { kind: 'read', value: toNftState({ nftables: entries }) };
}

function entriesOf(answer: unknown): readonly unknown[] {
  return listAt(answer, 'nftables');
}

/** Has the kernel look for the gateways where it does not know them to be there, then reads what it knows. */
export async function observeSurroundings(
  run: RunCommand,
  gateways: readonly Ip[],
  sysctlKeys: readonly string[],
): Promise<Surroundings> {
  // A fault of this shows in the state that is read next.
  const asked = gateways.map((ip) => `neighbor replace ${ip} dev ${routerIfName} nud none use\n`).join('');
  if (asked !== '') await run('ip', ['-force', '-batch', '-'], asked);
  const [neighbors, ...values] = await Promise.all([
    read(run, 'ip', ['-j', 'neighbor', 'show', 'dev', routerIfName], toNeighbors),
    ...sysctlKeys.map(readSysctl),
  ]);
  return { neighbors, sysctls: new Map(values.flat()) };
}

async function readSysctl(key: string): Promise<readonly (readonly [string, number])[]> {
  const text = await readFile(`/proc/sys/net/${key}`, 'utf8').catch(() => '');
  return /^-?[0-9]+\s*$/.test(text) ? [[key, Number(text)]] : [];
}

async function readFamilies<T>(
  run: RunCommand,
  args: readonly string[],
  parse: (answer: unknown, family: IpFamily) => readonly T[],
): Promise<Reading<readonly T[]>> {
  const [v4, v6] = await Promise.all(
    ([4, 6] as const).map((family) =>
      read(run, 'ip', [`-${family}`, '-j', ...args], (answer) => parse(answer, family)),
    ),
  );
  if (v4?.kind !== 'read') return v4 ?? { kind: 'absent' };
  return v6?.kind === 'read' ? { kind: 'read', value: [...v4.value, ...v6.value] } : (v6 ?? v4);
}

async function read<T>(
  run: RunCommand,
  command: string,
  args: readonly string[],
  parse: (answer: unknown) => T,
): Promise<Reading<T>> {
  const end = await run(command, args);
  const what = `${command} ${args.join(' ')}`;
  switch (end.kind) {
    case 'never-started':
      return { kind: 'unreadable', reason: `${what}: ${end.reason}` };
    case 'signalled':
      return { kind: 'unreadable', reason: `${what} was ended by ${end.signal}` };
    case 'exited':
      if (end.code !== 0) {
        if (end.stderr.startsWith('Error: No such file or directory')) return { kind: 'absent' };
        return { kind: 'unreadable', reason: `${what}: ${end.stderr.trim() || `exit code ${end.code}`}` };
      }
      return parseAnswer(end.stdout, what, parse);
  }
}

function parseAnswer<T>(stdout: string, what: string, parse: (answer: unknown) => T): Reading<T> {
  try {
    // iproute2 prints nothing at all for an empty list.
    const answer: unknown = stdout.trim() === '' ? [] : JSON.parse(stdout);
    return { kind: 'read', value: parse(answer) };
  } catch (error) {
    return {
      kind: 'unreadable',
      reason: `${what}: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}
