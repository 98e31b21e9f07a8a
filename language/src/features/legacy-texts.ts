import type { ConfigMapRole } from '#core/relations/config-map-roles.ts';

/** What the annotation for a macvlan interface is, in Markdown. */
export const macvlanText =
  '**assign-macvlan** · The pod gets a macvlan interface on a NIC of the node: the one of its default route with `"true"`, or the one that is named, which becomes `spec.networkInterface.macvlan.master` of an EgressRouter. The value has to be a string.';

/** The environment of a router of OpenShift SDN, in the order people write it. */
export const legacyVariables = {
  EGRESS_SOURCE: 'The reserved address of the router. It becomes `spec.addresses[0].ip`.',
  EGRESS_GATEWAY: 'The next hop on the network of the address. It becomes `spec.addresses[0].gateway`.',
  EGRESS_DESTINATION:
    'Where connections go: a line `<port> <protocol> <address> [<remote port>]` for each port, and one address for all other ports. The lines become `spec.redirect.redirectRules`, the address `fallbackIP`.',
  EGRESS_ROUTER_MODE:
    'What the container does: `init` sets the network up and ends, `legacy` stays. An EgressRouter only redirects; `http-proxy` and `dns-proxy` cannot become one.',
  EGRESS_HTTP_PROXY_DESTINATION: 'Which servers the HTTP proxy admits. An EgressRouter is no proxy.',
  EGRESS_DNS_PROXY_DESTINATION: 'Where the DNS proxy sends connections. An EgressRouter is no proxy.',
} as const satisfies Readonly<Record<string, string>>;

/** The variable that a key of a ConfigMap is for. */
export const variableOf = {
  source: 'EGRESS_SOURCE',
  gateway: 'EGRESS_GATEWAY',
  destination: 'EGRESS_DESTINATION',
} as const satisfies Record<ConfigMapRole, keyof typeof legacyVariables>;

export type LegacyVariable = keyof typeof legacyVariables;

export function isLegacyVariable(name: unknown): name is LegacyVariable {
  return typeof name === 'string' && Object.hasOwn(legacyVariables, name);
}

/** In Markdown. */
export function variableText(name: LegacyVariable): string {
  return `**${name}** · ${legacyVariables[name]}`;
}
