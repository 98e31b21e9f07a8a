import { parseCidr } from '#core/net/cidr.ts';
import { parseIp, parseIp4, parseIp6 } from '#core/net/ip.ts';

/** The addresses of the machine's make-believe network, which the samples and the documentation name. */
export const addressing = {
  pods4: must(parseCidr('10.128.0.0/24')),
  pods6: must(parseCidr('fd10:128::/64')),
  podGateway4: must(parseIp4('10.128.0.1')),
  podGateway6: must(parseIp6('fd10:128::1')),
  lanGateway4: must(parseCidr('192.168.12.1/24')),
  lanGateway6: must(parseCidr('fd12::1/64')),
  nodeLan4: must(parseCidr('192.168.12.10/24')),
  nodeLan6: must(parseCidr('fd12::10/64')),
  outsideGateway4: must(parseCidr('203.0.113.1/24')),
  outsideGateway6: must(parseCidr('2001:db8::1/64')),
  outsideServers: [
    must(parseCidr('203.0.113.25/24')),
    must(parseCidr('203.0.113.26/24')),
    must(parseCidr('2001:db8::25/64')),
  ],
} as const;

/** The node's NIC on the LAN, which routers put their macvlan on. */
export const nodeNic = 'enp1s0';

export function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('an address of the sandbox is misspelled');
  return value;
}

export const loopback = must(parseIp('127.0.0.1'));
