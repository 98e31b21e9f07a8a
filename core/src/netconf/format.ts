import type { RedirectRule } from '#core/egress-router/model.ts';
import { cniType } from '#core/manifest/names.ts';
import { defaultDadTimeoutMs, type NetConf, type NetConfDocument } from './model.ts';

/** The configuration in the shape that the Cluster Network Operator renders, with what it leaves out. */
export function formatNetConf(conf: NetConf): NetConfDocument {
  const args = formatInterfaceArgs(conf.macvlan);
  const { v4, v6 } = conf.fallbacks;
  const fallbacks = [v4, v6].filter((ip) => ip !== undefined);
  const gateways = conf.addresses.map((entry) => entry.gateway ?? '');
  return {
    cniVersion: conf.cniVersion,
    type: cniType,
    name: conf.name,
    ip: {
      addresses: conf.addresses.map((entry) => entry.address),
      ...(gateways.some((gateway) => gateway !== '') ? { gateway: oneOrList(gateways) } : {}),
      destinations: conf.rules.map(formatDestination),
      ...(fallbacks.length === 0 ? {} : { fallbackIP: oneOrList(fallbacks) }),
    },
    ...(args === undefined ? {} : { interfaceArgs: args }),
    ...(conf.mac === undefined ? {} : { mac: conf.mac }),
    ...(conf.dad.timeoutMs === defaultDadTimeoutMs ? {} : { dad: conf.dad }),
    ...(conf.localPorts.length === 0
      ? {}
      : { localPorts: conf.localPorts.map((local) => `${local.port} ${local.protocol}`) }),
    ...(conf.logFile === undefined ? {} : { log_file: conf.logFile }),
    ...(conf.logLevel === undefined ? {} : { log_level: conf.logLevel }),
  };
}

export function formatDestination(rule: RedirectRule): string {
  const short = `${rule.port} ${rule.protocol} ${rule.destination}`;
  return rule.targetPort === rule.port ? short : `${short} ${rule.targetPort}`;
}

function formatInterfaceArgs(macvlan: NetConf['macvlan']): NetConfDocument['interfaceArgs'] {
  const args = {
    ...(macvlan.mode === 'Bridge' ? {} : { mode: macvlan.mode.toLowerCase() }),
    ...(macvlan.master === undefined ? {} : { master: macvlan.master }),
    ...(macvlan.mtu === undefined ? {} : { mtu: String(macvlan.mtu) }),
  };
  return Object.keys(args).length === 0 ? undefined : args;
}

function oneOrList(texts: readonly string[]): string | readonly string[] {
  const [only = ''] = texts;
  return texts.length === 1 ? only : texts;
}
