import { expect, test } from 'vitest';
import { main } from '#agent/cni/main.ts';
import { exited, FakePlatform, inputOf } from './fake-platform.ts';

const question = { master: 'enp1s0', mode: 'bridge', ips: ['192.168.12.99', 'fd12::99'], timeoutMs: 100 };
const rival = { dst: '192.168.12.99', lladdr: '66:3c:ff:42:dd:bc', state: ['REACHABLE'] };
const gateway = { dst: '192.168.12.1', lladdr: '66:3c:ff:42:dd:01', state: ['REACHABLE'] };

/** The third process of ADD, where each look at the neighbor table gives the next of these, then the last. */
async function ask(looks: readonly (readonly object[])[], fails?: string, askers: readonly string[] = []) {
  let look = 0;
  const platform = new FakePlatform({
    env: { CNI_COMMAND: 'ADD', EGRESS_ROUTER_NODE_NETNS: '/proc/6/ns/net', EGRESS_ROUTER_ASKING: '1' },
    stdin: JSON.stringify(question),
    files: { '/proc/sys/net/ipv6/conf/ert-7/accept_dad': '1\n' },
    answer: (command) => {
      if (fails !== undefined && inputOf(command).startsWith(fails)) return exited(1, '', 'no such option\n');
      if (command.args.includes('ruleset')) {
        return exited(0, JSON.stringify({ nftables: [{ set: { name: 'asking1', elem: askers } }] }));
      }
      if (command.args.includes('link') && command.args.includes('show')) {
        return exited(0, JSON.stringify([{ ifname: 'ert-7', address: own, flags: ['UP'] }]));
      }
      if (!command.args.includes('show')) return exited(0);
      look += 1;
      return exited(0, JSON.stringify(looks[Math.min(look, looks.length) - 1]));
    },
  });
  const code = await main(platform);
  return { code, platform };
}

const own = '66:3c:ff:42:dd:07';
const started = [
  'nft -f - < table arp egress_router_asking { ...',
  'in /proc/6/ns/net: ip link add link enp1s0 name ert-7 netns /proc/7/ns/net type macvlan mode bridge',
  'ipv6/conf/ert-7/accept_dad = 0',
  'ip -batch - < link set dev lo up ...',
  'ip -batch - < neigh replace 192.168.12.99 dev ert-7 use ...',
];
const looked = 'ip -j neigh show dev ert-7';

test('nobody answers: it waits to the end', async () => {
  const { code, platform } = await ask([[gateway]]);
  expect(code).toBe(0);
  const waits = ['sleep 34', 'sleep 34', 'sleep 32'].flatMap((wait) => [wait, looked]);
  expect(platform.events).toEqual([...started, looked, ...waits, 'nft -j list ruleset']);
  expect(platform.stdout).toBe('[]\n');
});

test('others that ask at the same time are told of, but not our own question that came back', async () => {
  const { platform } = await ask([[gateway]], undefined, [own, rival.lladdr]);
  expect(JSON.parse(platform.stdout)).toEqual([{ ip: 'fd12::99', mac: rival.lladdr, isAsking: true }]);
});

test('a node whose "nft" cannot watch for others asks all the same', async () => {
  const { code, platform } = await ask([[gateway, rival]], 'table arp');
  expect(code).toBe(0);
  expect(JSON.parse(platform.stdout)).toEqual([{ ip: '192.168.12.99', mac: rival.lladdr }]);
});

test('an owner ends the wait, but for a moment that others have to answer in', async () => {
  const other = { ...rival, dst: 'fd12::99' };
  const { platform } = await ask([[gateway, rival], [gateway, rival, other], []]);
  expect(platform.events).toEqual([...started, looked, 'sleep 34', looked]);
  const mac = '66:3c:ff:42:dd:bc';
  expect(JSON.parse(platform.stdout)).toEqual([
    { ip: '192.168.12.99', mac },
    { ip: 'fd12::99', mac },
  ]);
});

test('a node that cannot ask says why, and answers nothing', async () => {
  const { code, platform } = await ask([[]], 'neigh');
  expect(code).toBe(1);
  expect(platform.stdout).toBe('');
  expect(platform.stderr).toBe('cannot use the neighbor table: no such option\n');
});
