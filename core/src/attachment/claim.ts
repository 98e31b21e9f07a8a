import { at, numberAt, parseJson, textAt } from '#core/json-value.ts';
import { ipOf } from '#core/net/cidr.ts';
import { type IfName, parseIfName } from '#core/net/ifname.ts';
import { type Ip, parseIp } from '#core/net/ip.ts';
import type { AddressOwner } from './address-question.ts';
import type { LinkFacts } from './facts.ts';

/**
 * Where on this node the pod is that was given an address on a NIC. It tells where to look, never that the address
 * is in use: the pod may have gone, and its ADD may have come to nothing.
 */
export interface Claim {
  /** The inode of the node's own network namespace: there may be several nodes on one machine. */
  readonly node: number;
  readonly master: IfName;
  readonly ip: Ip;
  /** The path of the pod's network namespace and its inode, by which a namespace that came later is told. */
  readonly netns: string;
  readonly inode: number;
}

/** One name for each address on a NIC, fit for a file. */
export function claimName({ node, master, ip }: Pick<Claim, 'node' | 'master' | 'ip'>): string {
  return `${node}-${master}-${ip}`;
}

/** Reads what `JSON.stringify` made of a claim; undefined also for one that was cut off. */
export function parseClaim(text: string): Claim | undefined {
  const value = parseJson(text);
  const [node, inode] = [numberAt(value, 'node'), numberAt(value, 'inode')];
  const master = parseIfName(at(value, 'master'));
  const ip = parseIp(String(at(value, 'ip')));
  const netns = textAt(value, 'netns');
  if (node === undefined || inode === undefined || master === undefined) return undefined;
  return ip === undefined || netns === undefined ? undefined : { node, master, ip, netns, inode };
}

/** Who has the address, given the links of the pod that the claim leads to. */
export function ownersByClaim(
  { ip, netns }: Pick<Claim, 'ip' | 'netns'>,
  links: readonly LinkFacts[],
): readonly AddressOwner[] {
  return links.flatMap(({ mac, addresses }) =>
    mac !== undefined && addresses.some((address) => ipOf(address) === ip) ? [{ ip, mac, netns }] : [],
  );
}
