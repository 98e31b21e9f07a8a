import type { Cidr } from '#core/net/cidr.ts';
import type { IfName } from '#core/net/ifname.ts';
import type { Ip } from '#core/net/ip.ts';
import type { Port } from '#core/net/port.ts';
import type { Protocol } from '#core/net/protocol.ts';
import type { RouterOptions } from './options.ts';
import type { MacvlanMode } from './wire.ts';

/** A router whose every value has been parsed. Made by `parseRouter` only. */
export interface EgressRouter {
  readonly name: string;
  /** Absent where the manifest leaves it to the context. */
  readonly namespace?: string;
  readonly macvlan: { readonly mode: MacvlanMode; readonly master?: IfName };
  /** In the order written; the first one of a family is the source address of that family. */
  readonly addresses: readonly RouterAddress[];
  readonly rules: readonly RedirectRule[];
  /** Where connections to ports without a rule go; without it they are rejected. */
  readonly fallback?: Ip;
  /** Absent where no annotation asks for anything. */
  readonly options?: RouterOptions;
}

export interface RouterAddress {
  readonly address: Cidr;
  readonly gateway?: Ip;
}

export interface RedirectRule {
  readonly port: Port;
  readonly protocol: Protocol;
  readonly destination: Ip;
  /** The remote port: `port` where the manifest names none. */
  readonly targetPort: Port;
}
