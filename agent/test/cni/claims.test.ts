import { expect, test } from 'vitest';
import { main } from '#agent/cni/main.ts';
import { exited, FakePlatform } from './fake-platform.ts';

const claim = {
  node: 5,
  master: 'enp1s0',
  ip: '192.168.12.99',
  netns: '/run/netns/other',
  inode: 8,
};
const name = '5-enp1s0-192.168.12.99';

/** What is left of the notes when there is a pod at `/run/netns/pod` and another one at `/run/netns/other`. */
async function notesAfter(
  env: Readonly<Record<string, string>>,
  notes: Readonly<Record<string, string>>,
  world: { readonly held?: readonly string[]; readonly links?: readonly object[] } = {},
): Promise<readonly string[]> {
  const platform = new FakePlatform({
    env: { CNI_CONTAINERID: 'c1', CNI_IFNAME: 'net1', ...env },
    stdin: '{"cniVersion":"1.1.0","name":"n","ip":{"addresses":["192.168.12.99/24"]}}',
    files: { '/run/netns/pod': 1, '/run/netns/other': 8 },
    notes,
    held: world.held ?? [],
    answer: ({ args }) => {
      const links = JSON.stringify(world.links ?? []);
      if (args.includes('-batch')) return exited(0, `${links}\n[]\n[]\n${links}\n`);
      return args.includes('tables') ? exited(0, '{"nftables":[]}') : undefined;
    },
  });
  expect(await main(platform)).toBe(0);
  return platform.kept();
}

const ofOther = { [name]: JSON.stringify(claim) };
const ofNobody = { [name]: JSON.stringify({ ...claim, netns: '/run/netns/gone' }) };
/** There is a namespace, but it came later. */
const ofEarlier = { [name]: JSON.stringify({ ...claim, inode: 9 }) };
const ofPod = { [name]: JSON.stringify({ ...claim, netns: '/run/netns/pod', inode: 1 }) };

const gone = { CNI_COMMAND: 'DEL' };
const collect = { CNI_COMMAND: 'GC' };
const ended = {
  CNI_COMMAND: 'DEL',
  CNI_NETNS: '/run/netns/pod',
  EGRESS_ROUTER_NODE_NETNS: '/proc/6/ns/net',
};

test.each([
  { what: 'GC, a pod that is there', env: collect, notes: ofOther, left: [name] },
  { what: 'GC, a pod that has gone', env: collect, notes: ofNobody, left: [] },
  { what: 'GC, a namespace that came later', env: collect, notes: ofEarlier, left: [] },
  { what: 'GC, a note that was cut off', env: collect, notes: { [name]: '{"node":5' }, left: [] },
  { what: 'DEL without namespace, a pod that is there', env: gone, notes: ofOther, left: [name] },
  { what: 'DEL without namespace, a pod that has gone', env: gone, notes: ofNobody, left: [] },
  { what: 'DEL, another pod', env: ended, notes: ofOther, left: [name] },
  { what: 'DEL, its pod', env: ended, notes: ofPod, left: [] },
])('$what', async ({ env, notes, left }) => {
  expect(await notesAfter(env, notes)).toEqual(left);
});

test('the note of an address that an ADD is at work with is left to that', async () => {
  expect(await notesAfter(collect, ofNobody, { held: ['5-192.168.12.99'] })).toEqual([name]);
});

test('DEL of another interface leaves the note of the one that has the address', async () => {
  const links = [{ ifname: 'net2', addr_info: [{ local: '192.168.12.99', prefixlen: 24, scope: 'global' }] }];
  expect(await notesAfter(ended, ofPod, { links })).toEqual([name]);
});
