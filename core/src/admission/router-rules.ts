import { checkRouter, type RouterProblemCode } from '#core/egress-router/checks/checks.ts';
import { checkPlatform, type PlatformProblemCode } from '#core/egress-router/checks/platform-checks.ts';
import { parseRouter } from '#core/egress-router/parse.ts';
import { healthPort } from '#core/manifest/names.ts';
import type { Severity } from '#core/problem.ts';
import { type AdmissionVariable, containsAny, isBroadcast, isMapped, subnetSize } from './cel.ts';

/** One check in both of its forms: for the API server as CEL, for all else as the code that it raises. */
export interface AdmissionRule {
  readonly code: RouterProblemCode | PlatformProblemCode;
  /** An error is refused, a warning is told to whoever applies the router. */
  readonly severity: Extract<Severity, 'error' | 'warning'>;
  /** True where all is well, and for what cannot be read: another rule tells that. */
  readonly cel: string;
  /** Where that is and its value, of the first of several; for a router that breaks the rule. */
  readonly where?: string;
  /** What is wrong and what to do. */
  readonly message: string;
}

/**
 * The checks of addresses and rules that an API server can make by itself; the rest needs the names of things
 * that are elsewhere. The libraries `ip` and `cidr` came with Kubernetes 1.30 (OpenShift 4.16).
 */
export const admissionRules: readonly AdmissionRule[] = [
  {
    code: 'no-address',
    severity: 'error',
    cel: 'size(variables.written) > 0',
    message: 'The router has no address to own: add an entry to "addresses".',
  },
  {
    code: 'address-without-prefix',
    severity: 'error',
    ...eachAddress('variables.written', '!isIP(a.ip)'),
    message: 'An address lacks the prefix length of its network, such as /24.',
  },
  {
    code: 'address-not-cidr',
    severity: 'error',
    ...eachAddress('variables.written', 'isIP(a.ip) || isCIDR(a.ip)'),
    message: 'An address is not in CIDR notation, such as 192.168.12.99/24.',
  },
  {
    code: 'duplicate-address',
    severity: 'error',
    ...eachAddress(
      'variables.addresses',
      'variables.addresses.exists_one(b, cidr(b.ip).ip() == cidr(a.ip).ip())',
      { unless: `size(variables.addresses) > ${mostPairs()}` },
    ),
    message: 'An address stands twice: remove one of the two.',
  },
  {
    code: 'address-is-special',
    severity: 'error',
    ...eachAddress('variables.addresses', `!${containsAny('variables.special', 'cidr(a.ip).ip()')}`),
    message: 'An address is loopback, multicast, reserved or unspecified: no server can answer to it.',
  },
  {
    code: 'address-is-special',
    severity: 'warning',
    ...eachAddress('variables.addresses', `!${containsAny('variables.linkLocal', 'cidr(a.ip).ip()')}`),
    message: 'An address is link-local: no server beyond the link can answer to it.',
  },
  {
    code: 'address-is-network',
    severity: 'error',
    ...eachAddress('variables.hosts', 'cidr(a.ip).masked().ip() != cidr(a.ip).ip()'),
    message: 'An address is the network address of its subnet; no host can own it.',
  },
  {
    code: 'address-is-broadcast',
    severity: 'error',
    ...eachAddress('variables.hosts', `!${isBroadcast('a.ip.split("/")[0]', subnetSize('a.ip'))}`),
    message: 'An address is the broadcast address of its subnet; no host can own it.',
  },
  {
    code: 'gateway-other-family',
    severity: 'error',
    ...eachGateway(
      'variables.nexts',
      'isIP(a.gateway) ? ip(a.gateway).family() == cidr(a.ip).ip().family() : cidr(a.ip).ip().family() == 6',
    ),
    message: 'A gateway is of the other IP family than its address.',
  },
  {
    code: 'gateway-is-special',
    severity: 'error',
    ...eachGateway(
      'variables.nexts',
      `isIP(a.gateway) ? ip(a.gateway).family() != cidr(a.ip).ip().family() || !${containsAny('variables.special', 'ip(a.gateway)')} : cidr(a.ip).ip().family() == 4`,
    ),
    message: 'A gateway is loopback, multicast, reserved or unspecified: no router has it.',
  },
  {
    code: 'gateway-is-address',
    severity: 'error',
    ...eachGateway('variables.hops', 'ip(a.gateway) != cidr(a.ip).ip()'),
    message: "A gateway is the router's own address.",
  },
  {
    code: 'gateway-outside-subnet',
    severity: 'error',
    ...eachGateway('variables.inSubnet', 'cidr(a.ip).containsIP(ip(a.gateway))'),
    message: 'A gateway is outside the subnet of its address.',
  },
  {
    code: 'gateway-is-network',
    severity: 'error',
    ...eachGateway(
      'variables.inSubnet',
      `ip(a.gateway).family() == 6 || cidr(a.ip).prefixLength() > 30 || !cidr(a.ip).containsIP(ip(a.gateway)) || !${isBroadcast('a.gateway', subnetSize('a.ip'))}`,
    ),
    message: 'A gateway is the broadcast address of its subnet: a gateway is a host of it.',
  },
  {
    code: 'invalid-interface-name',
    severity: 'error',
    cel: 'variables.masters.all(m, m.matches("^[A-Za-z0-9_.+=~^,][A-Za-z0-9_.+=~^,-]{0,14}$") && m != "." && m != "..")',
    where: '"spec.networkInterface.macvlan.master \\"" + variables.masters[0] + "\\""',
    message: 'The macvlan master is not the name of a network interface.',
  },
  {
    code: 'duplicate-rule',
    severity: 'error',
    ...each(
      'variables.rules',
      `variables.rules.all(b, a.port != b.port || a.protocol != b.protocol || ip(a.destinationIP).family() != ip(b.destinationIP).family() || (ip(a.destinationIP) == ip(b.destinationIP) && ${targetPort('a')} == ${targetPort('b')}))`,
      '"spec.redirect.redirectRules, port " + string(a.port) + "/" + a.protocol',
      { unless: `size(variables.rules) > ${mostPairs()}` },
    ),
    message:
      'Two rules of one port and protocol lead to different places: only the first one would take effect.',
  },
  {
    code: 'destination-is-special',
    severity: 'error',
    ...eachDestination(`isIP(a) && !${containsAny('variables.special', 'ip(a)')}`, {
      of: 'variables.targets',
    }),
    message:
      'A destination is loopback, multicast, reserved or unspecified: no connection can be redirected there.',
  },
  {
    code: 'family-not-served',
    severity: 'error',
    ...eachDestination(
      `${containsAny('variables.special', 'ip(a)')} || variables.addresses.exists(b, cidr(b.ip).ip().family() == ip(a).family())`,
      { unless: 'size(variables.written) == 0 || size(variables.addresses) < size(variables.written)' },
    ),
    message: 'A destination is of an IP family in which the router has no address.',
  },
  {
    code: 'destination-is-own-address',
    severity: 'error',
    ...eachDestination('!variables.addresses.exists(b, cidr(b.ip).ip() == ip(a))'),
    message: "A destination is the router's own address: name the remote server.",
  },
  {
    code: 'rule-takes-health-port',
    severity: 'error',
    ...each(
      'variables.writtenRules',
      `a.port != ${healthPort} || a.protocol != "TCP"`,
      '"spec.redirect.redirectRules, port " + string(a.port) + "/" + a.protocol',
    ),
    message: `A rule takes TCP port ${healthPort}, on which the router process answers the probes of its pod: the pod is not seen to be ready. Take another port.`,
  },
  {
    code: 'nothing-to-redirect',
    severity: 'warning',
    cel: 'size(variables.writtenRules) > 0 || size(variables.fallbacks) > 0',
    message: 'The router redirects nothing: add a rule to "redirectRules" or a "fallbackIP".',
  },
];

/** What the rules' CEL stands on, in the order in which each needs those before it. */
export const admissionVariables: readonly AdmissionVariable[] = [
  { name: 'special', expression: '["0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/3", "::/127", "ff00::/8"]' },
  { name: 'linkLocal', expression: '["169.254.0.0/16", "fe80::/10"]' },
  // CEL has no power and no shift: the number of addresses by the number of host bits.
  { name: 'sizes', expression: `[${Array.from({ length: 33 }, (_, bits) => 2 ** bits).join(', ')}]` },
  { name: 'written', expression: 'has(object.spec.addresses) ? object.spec.addresses : []' },
  { name: 'addresses', expression: 'variables.written.filter(a, isCIDR(a.ip))' },
  {
    name: 'hosts',
    expression: `variables.addresses.filter(a, cidr(a.ip).ip().family() == 4 && cidr(a.ip).prefixLength() >= 8 && cidr(a.ip).prefixLength() <= 30 && !${containsAny('variables.special', 'cidr(a.ip).ip()')} && !${containsAny('variables.linkLocal', 'cidr(a.ip).ip()')})`,
  },
  { name: 'gatewayed', expression: 'variables.addresses.filter(a, has(a.gateway) && isIP(a.gateway))' },
  {
    // The readable ones, and those that only an API server cannot read.
    name: 'nexts',
    expression: `variables.addresses.filter(a, has(a.gateway) && (isIP(a.gateway) || ${isMapped('a.gateway')}))`,
  },
  {
    name: 'gateways',
    expression: 'variables.gatewayed.filter(a, ip(a.gateway).family() == cidr(a.ip).ip().family())',
  },
  {
    name: 'hops',
    expression: `variables.gateways.filter(a, !${containsAny('variables.special', 'ip(a.gateway)')})`,
  },
  {
    name: 'inSubnet',
    expression:
      'variables.hops.filter(a, ip(a.gateway) != cidr(a.ip).ip() && cidr(a.ip).prefixLength() < (ip(a.gateway).family() == 4 ? 32 : 128) && !cidr("fe80::/10").containsIP(ip(a.gateway)))',
  },
  {
    name: 'masters',
    expression:
      'has(object.spec.networkInterface) && has(object.spec.networkInterface.macvlan) && has(object.spec.networkInterface.macvlan.master) ? [object.spec.networkInterface.macvlan.master] : []',
  },
  {
    name: 'writtenRules',
    expression:
      'has(object.spec.redirect) && has(object.spec.redirect.redirectRules) ? object.spec.redirect.redirectRules : []',
  },
  { name: 'rules', expression: 'variables.writtenRules.filter(r, isIP(r.destinationIP))' },
  {
    name: 'fallbacks',
    expression:
      'has(object.spec.redirect) && has(object.spec.redirect.fallbackIP) ? [object.spec.redirect.fallbackIP] : []',
  },
  {
    name: 'targets',
    expression: `(variables.writtenRules.map(r, r.destinationIP) + variables.fallbacks).filter(d, isIP(d) || ${isMapped('d')})`,
  },
  { name: 'destinations', expression: 'variables.targets.filter(d, isIP(d))' },
];

/** The codes of the table that `manifest` raises, each once: what the CEL of those rules says as well. */
export function raisedRules(manifest: unknown): readonly AdmissionRule[] {
  const { reading, problems } = parseRouter(manifest);
  // Whoever has the policies has the operator that they come with.
  const raised = [...problems, ...checkRouter(reading), ...checkPlatform(reading, 'agent')];
  return admissionRules.filter(({ code, severity }) =>
    raised.some((problem) => problem.code === code && problem.severity === severity),
  );
}

/** What holds for each `a` of a list, and how the first one is named for which it does not. */
function each(
  list: string,
  holds: string,
  name: string,
  { unless }: { readonly unless?: string } = {},
): Pick<AdmissionRule, 'cel' | 'where'> {
  return {
    cel: `${unless === undefined ? '' : `${unless} || `}${list}.all(a, ${holds})`,
    where: `${list}.filter(a, !(${holds})).map(a, ${name})[0]`,
  };
}

function eachAddress(list: string, holds: string, options: { readonly unless?: string } = {}) {
  return each(list, holds, `${placeOfAddress()}.ip \\"" + a.ip + "\\""`, options);
}

function eachGateway(list: string, holds: string) {
  return each(list, holds, `${placeOfAddress()}.gateway \\"" + a.gateway + "\\""`);
}

function placeOfAddress(): string {
  return '"spec.addresses[" + string(variables.written.map(w, w.ip).indexOf(a.ip)) + "]';
}

function eachDestination(
  holds: string,
  { of = 'variables.destinations', ...options }: { readonly unless?: string; readonly of?: string } = {},
) {
  const place = 'variables.writtenRules.map(w, w.destinationIP).indexOf(a)';
  const field = `(${place} < 0 ? "fallbackIP" : "redirectRules[" + string(${place}) + "].destinationIP")`;
  return each(of, holds, `"spec.redirect." + ${field} + " \\"" + a + "\\""`, options);
}

/** Comparing each with each is dear: an API server stops an expression that costs too much. */
function mostPairs(): number {
  return 128;
}

function targetPort(rule: string): string {
  return `(has(${rule}.targetPort) ? ${rule}.targetPort : ${rule}.port)`;
}
