import type { EgressRouter } from '#core/egress-router/model.ts';
import { nadName } from '#core/manifest/names.ts';
import { isIp4 } from '#core/net/ip.ts';
import type { LocalPort, LogLevel, NetConf } from './model.ts';

export interface NetConfOptions {
  /** The network's name, which the NAD's name must equal. */
  readonly name?: string;
  readonly cniVersion?: string;
  readonly localPorts?: readonly LocalPort[];
  readonly logFile?: string;
  readonly logLevel?: LogLevel;
}

/**
 * The router must have passed its checks: at least one address, no rule twice, no rule or fallback in a family
 * without an address. Whoever cannot promise that parses the formatted result.
 */
export function toNetConf(router: EgressRouter, options: NetConfOptions = {}): NetConf {
  const { fallback } = router;
  return {
    cniVersion: options.cniVersion ?? '0.4.0',
    name: options.name ?? nadName,
    addresses: router.addresses,
    macvlan: router.macvlan,
    rules: router.rules,
    fallbacks: fallback === undefined ? {} : isIp4(fallback) ? { v4: fallback } : { v6: fallback },
    localPorts: options.localPorts ?? [],
    ...(options.logFile === undefined ? {} : { logFile: options.logFile }),
    ...(options.logLevel === undefined ? {} : { logLevel: options.logLevel }),
  };
}
