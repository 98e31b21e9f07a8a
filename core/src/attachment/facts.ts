import type { Cidr } from '#core/net/cidr.ts';
import type { IfName } from '#core/net/ifname.ts';
import type { Ip, IpFamily } from '#core/net/ip.ts';
import type { Mac } from '#core/net/mac.ts';

/** What was read from a node before a plan is made. Links whose name `IfName` refuses are left out. */
export interface NodeFacts {
  readonly links: readonly LinkFacts[];
  /** The links of the default routes, best first, IPv4 before IPv6. */
  readonly defaultRouteLinks: readonly IfName[];
}

/** What was read from a pod's network namespace. */
export interface PodFacts {
  readonly links: readonly LinkFacts[];
  /** Of all tables but local, both families. */
  readonly routes: readonly RouteFacts[];
  readonly rules: readonly RuleFacts[];
  /** False where the kernel was started without IPv6. */
  readonly hasIpv6: boolean;
  /** By key; a sysctl that the kernel does not have is absent. */
  readonly sysctls: ReadonlyMap<string, number>;
}

export interface LinkFacts {
  readonly name: IfName;
  /** `macvlan`, `veth`, `bridge`: absent for hardware. */
  readonly kind?: string;
  /** Of a macvlan, in small letters. */
  readonly macvlanMode?: string;
  readonly mac?: Mac;
  readonly mtu: number;
  readonly isUp: boolean;
  readonly isLoopback: boolean;
  /** Of global scope only. */
  readonly addresses: readonly Cidr[];
}

export interface RouteFacts {
  readonly family: IpFamily;
  /** `main`, or a number. */
  readonly table: string;
  /** The default route is the network of length zero. */
  readonly destination: Cidr;
  /** May be of the other family (RFC 5549). */
  readonly gateway?: Ip;
  readonly link: IfName;
  readonly metric?: number;
  readonly isOnlink: boolean;
}

export interface RuleFacts {
  readonly family: IpFamily;
  readonly priority: number;
  readonly table: string;
  /** For packets that come in by this link only; it may have gone. */
  readonly inputLink?: IfName;
}
