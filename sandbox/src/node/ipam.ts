import { type Cidr, containsIp, firstIp } from '#core/net/cidr.ts';
import { type Ip4, type Ip6, ipFromNumber, ipToNumber, isIp4 } from '#core/net/ip.ts';
import { addressing } from '../addressing.ts';
import type { PodAddresses } from './pod-network.ts';

/** Hands out the addresses of the pod network; the same host number in both families. */
export class Ipam {
  readonly #taken = new Set<bigint>();
  #last = 1n;

  /** An address is used again only after all others were, so that nobody's cache mistakes a new pod for an old. */
  take(): PodAddresses {
    for (let tried = 0n; tried < capacity; tried++) {
      this.#last = this.#last >= capacity + 1n ? 2n : this.#last + 1n;
      if (this.#taken.has(this.#last)) continue;
      this.#taken.add(this.#last);
      return { ip4: nth4(this.#last), ip6: nth6(this.#last) };
    }
    throw new Error(`no free address in ${addressing.pods4}`);
  }

  give(addresses: PodAddresses): void {
    if (containsIp(addressing.pods4, addresses.ip4)) {
      this.#taken.delete(ipToNumber(addresses.ip4) - ipToNumber(firstIp(addressing.pods4)));
    }
  }
}

/** .2 to .254: the first is the gateway's, the last the broadcast. */
const capacity = 253n;

function nth4(host: bigint): Ip4 {
  const ip = nth(addressing.pods4, host, 4);
  if (isIp4(ip)) return ip;
  throw new Error('an IPv4 network gave an IPv6 address');
}

function nth6(host: bigint): Ip6 {
  const ip = nth(addressing.pods6, host, 6);
  if (!isIp4(ip)) return ip;
  throw new Error('an IPv6 network gave an IPv4 address');
}

function nth(network: Cidr, host: bigint, family: 4 | 6) {
  return ipFromNumber(ipToNumber(firstIp(network)) + host, family);
}
