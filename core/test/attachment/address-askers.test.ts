import { expect, test } from 'vitest';
import { readAskers, toWatchRuleset } from '#core/attachment/address-askers.ts';
import { toQuestion } from '#core/attachment/address-question.ts';
import { parseOwners, toStartBatch } from '#core/attachment/duplicate-address.ts';
import { config, dualConfig, ifName, planOf } from './sample.ts';

const link = ifName('ert-7');

function questionOf(value: object) {
  const question = toQuestion(planOf({ ...value, dad: { timeoutMs: 100 } }));
  if (question === undefined) throw new Error('there is no question');
  return question;
}

test('the rules note down who asks without having an address', () => {
  expect(toWatchRuleset(questionOf(dualConfig))).toBe(`table arp egress_router_asking {
\tset asking0 { type ether_addr; flags dynamic; size 64; }
\tchain asked {
\t\ttype filter hook input priority filter; policy accept;
\t\tarp operation request arp saddr ip 0.0.0.0 arp daddr ip 192.168.12.99 add @asking0 { arp saddr ether }
\t}
}
table ip6 egress_router_asking {
\tset asking1 { type ether_addr; flags dynamic; size 64; }
\tchain asked {
\t\ttype filter hook prerouting priority raw; policy accept;
\t\ticmpv6 type 135 @th,64,128 0xfd120000000000000000000000000099 ip6 saddr { ::, fe80::4552:0:0:0/80 } add @asking1 { ether saddr }
\t}
}
`);
  expect(toWatchRuleset(questionOf(config))).not.toContain('ip6');
});

test('IPv6 asks from an address that says so, in the multicast group of the one that is asked for', () => {
  expect(toStartBatch(questionOf(dualConfig), link, -0x2345678)).toBe(`link set dev lo up
link set dev ert-7 addrgenmode none
link set dev ert-7 up
address replace fe80::4552:cba9:8800:99/64 dev ert-7 nodad
`);
  expect(toStartBatch(questionOf(config), link, 7)).toBe('link set dev lo up\nlink set dev ert-7 up\n');
});

test('who asks is read from the sets', () => {
  const question = questionOf(dualConfig);
  const askers = readAskers(question, {
    nftables: [
      { metainfo: { version: '1.0.6' } },
      { set: { name: 'asking0' } },
      { set: { name: 'asking1', elem: ['66:3c:ff:42:dd:bc', 7] } },
      { set: { name: 'asking7', elem: ['66:3c:ff:42:dd:bd'] } },
      'what is no entry',
    ],
  });
  expect(askers).toEqual([{ ip: 'fd12::99', mac: '66:3c:ff:42:dd:bc', isAsking: true }]);
  expect(parseOwners(JSON.parse(JSON.stringify(askers)))).toEqual(askers);
  expect(readAskers(question, null)).toEqual([]);
});
