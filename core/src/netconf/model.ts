import type { RedirectRule, RouterAddress } from '#core/egress-router/model.ts';
import type { MacvlanMode } from '#core/egress-router/wire.ts';
import type { IfName } from '#core/net/ifname.ts';
import type { Ip4, Ip6 } from '#core/net/ip.ts';
import type { Mac } from '#core/net/mac.ts';
import type { Port } from '#core/net/port.ts';
import type { Protocol } from '#core/net/protocol.ts';

/**
 * The network configuration that the CNI executable gets on stdin and a NAD carries in `spec.config`, every
 * value parsed. Made by `parseNetConf` and `toNetConf` only, so: there is at least one address, no two rules
 * share a family, protocol and port, and each rule and fallback has an address of its family.
 */
export interface NetConf {
  /** As the configuration spells it, `1.1.0`; whether the version is served is the executable's to say. */
  readonly cniVersion: string;
  readonly name: string;
  /** In the order written; the first one of a family is the source address of that family. */
  readonly addresses: readonly RouterAddress[];
  readonly macvlan: {
    readonly mode: MacvlanMode;
    /** Absent where the node has to infer it. */
    readonly master?: IfName;
    /** Absent: the master's. */
    readonly mtu?: number;
  };
  /** Absent: one that the kernel makes up. Never in mode passthru, where it would be that of the NIC itself. */
  readonly mac?: Mac;
  /** Duplicate address detection; 0: none. */
  readonly dad: { readonly timeoutMs: number };
  readonly rules: readonly RedirectRule[];
  /** Where connections to ports without a rule go, same port; in a family without one they are rejected. */
  readonly fallbacks: { readonly v4?: Ip4; readonly v6?: Ip6 };
  /** Ports of the pod itself that answer on the cluster network, such as the one that is probed. */
  readonly localPorts: readonly LocalPort[];
  readonly logFile?: string;
  readonly logLevel?: LogLevel;
}

export interface LocalPort {
  readonly protocol: Protocol;
  readonly port: Port;
}

/** How long ADD waits for another owner of an address where the configuration says nothing. */
export const defaultDadTimeoutMs = 100;

export type LogLevel = (typeof logLevels)[number];
export const logLevels = ['error', 'warning', 'info', 'debug'] as const;

/** The JSON document itself, as `formatNetConf` writes it. */
export interface NetConfDocument {
  readonly cniVersion: string;
  readonly type: string;
  readonly name: string;
  readonly ip: {
    readonly addresses: readonly string[];
    /** One address: its gateway. Several: one entry for each address, empty where it has none. */
    readonly gateway?: string | readonly string[];
    /** `<port> <PROTOCOL> <ip> [<targetPort>]`; on reading also a lone `<ip>`, which is a fallback. */
    readonly destinations: readonly string[];
    readonly fallbackIP?: string | readonly string[];
  };
  /** Values are strings only: the upstream plugin reads nothing else here. */
  readonly interfaceArgs?: Readonly<Record<string, string>>;
  readonly mac?: string;
  readonly dad?: { readonly timeoutMs: number };
  /** `<port> <PROTOCOL>` */
  readonly localPorts?: readonly string[];
  readonly log_file?: string;
  readonly log_level?: string;
}

export type NetConfProblemCode = (typeof netConfProblemCodes)[number];
export const netConfProblemCodes = [
  'netconf-not-an-object',
  'netconf-cni-version-invalid',
  'netconf-name-invalid',
  'netconf-value-invalid',
  'netconf-no-addresses',
  'netconf-address-invalid',
  'netconf-address-duplicate',
  'netconf-gateway-invalid',
  'netconf-gateway-unmatched',
  'netconf-gateway-outside-subnet',
  'netconf-gateway-is-address',
  'netconf-destination-invalid',
  'netconf-destination-port-invalid',
  'netconf-destination-protocol-invalid',
  'netconf-destination-ip-invalid',
  'netconf-destination-prefix',
  'netconf-destination-duplicate',
  'netconf-fallback-duplicate',
  'netconf-family-not-served',
  'netconf-nothing-redirected',
  'netconf-interface-unsupported',
  'netconf-mode-invalid',
  'netconf-master-invalid',
  'netconf-mtu-invalid',
  'netconf-mac-invalid',
  'netconf-dad-invalid',
  'netconf-local-port-invalid',
  'netconf-log-invalid',
] as const;
