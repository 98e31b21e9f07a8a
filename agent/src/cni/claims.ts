import type { AddressOwner } from '#core/attachment/address-question.ts';
import { type Claim, claimName, ownersByClaim, parseClaim } from '#core/attachment/claim.ts';
import { readLinks } from '#core/attachment/ip-json.ts';
import type { AttachmentPlan } from '#core/attachment/plan.ts';
import { ipOf } from '#core/net/cidr.ts';
import type { Ip } from '#core/net/ip.ts';
import { decode } from './facts.ts';
import type { Platform } from './platform.ts';
import type { PodProcess } from './pod-process.ts';

/**
 * The pods of this node that have one of the addresses on the same NIC. In modes private and vepa they hear no
 * question from their neighbors, so it is looked up where they are. Whoever has no address there any more is none.
 */
export async function findClaimants(
  pod: PodProcess,
  plan: AttachmentPlan,
  ips: readonly Ip[],
): Promise<readonly AddressOwner[]> {
  const { platform, tools } = pod;
  const found = ips.map(async (ip): Promise<readonly AddressOwner[]> => {
    const claim = readClaim(platform, claimName({ node: nodeOf(pod), master: plan.macvlan.master, ip }));
    if (claim === undefined || !isThere(platform, claim) || isOwn(platform, claim)) return [];
    const shown = await tools.attemptIn(claim.netns, 'ip', ['-j', 'address', 'show']);
    if (shown.kind !== 'exited' || shown.code !== 0) return [];
    return ownersByClaim(claim, readLinks(decode(shown.stdout)));
  });
  return (await Promise.all(found)).flat();
}

/**
 * To be called before the addresses are claimed, so that none is without its note whenever this process is killed.
 * @returns how to take the notes back
 */
export function keepClaims(pod: PodProcess, plan: AttachmentPlan): () => void {
  const { platform, log, target } = pod;
  const inode = ownInode(platform);
  if (inode === undefined) return () => {};
  const names = plan.addresses.map(({ address }) => {
    const ip = ipOf(address);
    const claim: Claim = { node: nodeOf(pod), master: plan.macvlan.master, ip, netns: target.netns, inode };
    const name = claimName(claim);
    const fault = platform.keep(name, JSON.stringify(claim));
    if (fault !== undefined) log.write('warning', `cannot note who has address ${ip} on this node: ${fault}`);
    return name;
  });
  return () => {
    for (const name of names) platform.forget(name);
  };
}

/**
 * Takes away the notes of pods that have gone, on any node of this machine.
 * @param ended a pod that has just been given back, and what it has all the same
 */
export function forgetClaims(
  platform: Platform,
  ended?: { readonly inode: number | undefined; readonly left: readonly Ip[] },
): void {
  for (const name of platform.kept()) {
    const claim = readClaim(platform, name);
    if (claim === undefined) {
      platform.forget(name);
      continue;
    }
    const hasEnded = ended?.inode === claim.inode && !ended.left.includes(claim.ip);
    if (!hasEnded && isThere(platform, claim)) continue;
    // Whoever is at work with the address writes a note of its own, which must stay.
    const release = platform.hold(holdName(claim.node, claim.ip));
    if (release === undefined) continue;
    if (platform.readKept(name) === JSON.stringify(claim)) platform.forget(name);
    release();
  }
}

/** An address on a node, whatever NIC it is on. */
export function holdName(node: number, ip: Ip): string {
  return `${node}-${ip}`;
}

export function nodeOf({ platform, nodeNetns }: PodProcess): number {
  return platform.stat(nodeNetns)?.inode ?? 0;
}

export function ownInode(platform: Platform): number | undefined {
  return platform.stat('/proc/self/ns/net')?.inode;
}

function readClaim(platform: Platform, name: string): Claim | undefined {
  const text = platform.readKept(name);
  return text === undefined ? undefined : parseClaim(text);
}

/** Whether the namespace is the one that the claim was made in. */
function isThere(platform: Platform, { netns, inode }: Claim): boolean {
  const there = platform.stat(netns);
  return there?.inode === inode && there.device === platform.stat('/proc/self/ns/net')?.device;
}

function isOwn(platform: Platform, { inode }: Claim): boolean {
  return inode === ownInode(platform);
}
