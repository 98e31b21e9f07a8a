import type { EgressRouter } from '#core/egress-router/model.ts';
import { nadName } from '#core/manifest/names.ts';
import { isIp4 } from '#core/net/ip.ts';
import { stableMac } from '#core/net/stable-mac.ts';
import { defaultDadTimeoutMs, type LocalPort, type LogLevel, type NetConf } from './model.ts';

export interface NetConfOptions {
  /** The network's name, which the NAD's name must equal. */
  readonly name?: string;
  readonly cniVersion?: string;
  readonly localPorts?: readonly LocalPort[];
  /**
   * Gives the router a MAC made of its namespace and name, so that neighbors need not learn a new one with each
   * pod. Only where two of its pods are never there at once, as two interfaces of a NIC cannot share a MAC.
   */
  readonly hasStableMac?: boolean;
  readonly logFile?: string;
  readonly logLevel?: LogLevel;
}

/**
 * The router must have passed its checks: at least one address, no rule twice, no rule or fallback in a family
 * without an address. Whoever cannot promise that parses the formatted result.
 */
export function toNetConf(router: EgressRouter, options: NetConfOptions = {}): NetConf {
  const { fallback, namespace, macvlan } = router;
  const isNamed = options.hasStableMac === true && namespace !== undefined;
  return {
    cniVersion: options.cniVersion ?? '0.4.0',
    name: options.name ?? nadName,
    addresses: router.addresses,
    macvlan,
    // In passthru it would be set on the NIC itself.
    ...(isNamed && macvlan.mode !== 'Passthru' ? { mac: stableMac(namespace, router.name) } : {}),
    dad: { timeoutMs: defaultDadTimeoutMs },
    rules: router.rules,
    fallbacks: fallback === undefined ? {} : isIp4(fallback) ? { v4: fallback } : { v6: fallback },
    localPorts: options.localPorts ?? [],
    ...(options.logFile === undefined ? {} : { logFile: options.logFile }),
    ...(options.logLevel === undefined ? {} : { logLevel: options.logLevel }),
  };
}
