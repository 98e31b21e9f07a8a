import { readDestination } from '#core/legacy/destination.ts';
import { macvlanAnnotation } from '#core/legacy/detect.ts';
import type { LegacyContainer, LegacyReading } from '#core/legacy/parse.ts';
import { ipOf, parseCidr } from '#core/net/cidr.ts';
import { type Ip, isIp4, parseIp } from '#core/net/ip.ts';
import type { Path } from '#core/problem.ts';
import { valueAt } from '../../objects.ts';
import type { Span } from '../../text/span.ts';
import { scalarAt } from '../../yaml/embedded-json.ts';
import type { Parsed } from '../../yaml/parsed.ts';
import type { Place } from '../../yaml/path-at.ts';
import { sourceSpan, valueOffset } from '../../yaml/scalar-source.ts';

/**
 * What a place of a router of OpenShift SDN is for, and what it becomes. Of the rules, the line under the cursor.
 * @param path of the place, in its object
 */
export function legacyHover(
  parsed: Parsed,
  place: Place,
  { root, path }: { readonly root: Path; readonly path: Path },
  offset: number,
  reading: LegacyReading,
): { readonly markdown: string; readonly span: Span } | undefined {
  if (path.at(-1) === macvlanAnnotation) return { markdown: annotationText, span: place.span };
  const entry = path.slice(0, -1);
  const name = valueAt(reading.object, [...entry, 'name']);
  if (typeof name !== 'string' || !Object.hasOwn(variables, name)) return undefined;
  const field = path.at(-1);
  const variable = variables[name];
  if (variable === undefined || (field !== 'name' && field !== 'value')) return undefined;
  const markdown = `**${name}** · ${variable}`;
  const isLine = name === 'EGRESS_DESTINATION' && field === 'value' && place.kind === 'value';
  const line = isLine ? lineAt(parsed, [...root, ...path], offset, reading.router) : undefined;
  if (line === undefined) return { markdown, span: place.span };
  return { markdown: `${line.markdown}\n\n---\n\n${markdown}`, span: line.span };
}

const annotationText =
  '**assign-macvlan** · The pod gets a macvlan interface on a NIC of the node: the one of its default route with `"true"`, or the one that is named, which becomes `spec.networkInterface.macvlan.master` of an EgressRouter. The value has to be a string.';

const variables: Readonly<Record<string, string>> = {
  EGRESS_SOURCE: 'The reserved address of the router. It becomes `spec.addresses[0].ip`.',
  EGRESS_GATEWAY: 'The next hop on the network of the address. It becomes `spec.addresses[0].gateway`.',
  EGRESS_DESTINATION:
    'Where connections go: a line `<port> <protocol> <address> [<remote port>]` for each port, and one address for all other ports. The lines become `spec.redirect.redirectRules`, the address `fallbackIP`.',
  EGRESS_ROUTER_MODE:
    'What the container does: `init` sets the network up and ends, `legacy` stays. An EgressRouter only redirects; `http-proxy` and `dns-proxy` cannot become one.',
  EGRESS_HTTP_PROXY_DESTINATION: 'Which servers the HTTP proxy admits. An EgressRouter is no proxy.',
  EGRESS_DNS_PROXY_DESTINATION: 'Where the DNS proxy sends connections. An EgressRouter is no proxy.',
};

function lineAt(
  parsed: Parsed,
  path: Path,
  offset: number,
  router: LegacyContainer | undefined,
): { readonly markdown: string; readonly span: Span } | undefined {
  const text = scalarAt(parsed, path);
  if (text === undefined) return undefined;
  const at = valueOffset(text.source, offset);
  const line = readDestination(text.value).find(({ span }) => span.start <= at && at <= span.end);
  if (line === undefined || (line.kind !== 'rule' && line.kind !== 'fallback')) return undefined;
  const seen = seenAs(router);
  const markdown =
    line.kind === 'fallback'
      ? `client → router:*any other port* → **${line.destination}**, same port${seen}`
      : `client → router:${line.rule.port}/${line.rule.protocol} → **${hostPort(line.rule.destination, line.rule.targetPort ?? line.rule.port)}**${seen}`;
  return { markdown, span: sourceSpan(text.source, line.span) };
}

function seenAs(router: LegacyContainer | undefined): string {
  if (router?.source.kind !== 'text') return '';
  const text = router.source.text.trim();
  const cidr = parseCidr(text);
  const ip = cidr === undefined ? parseIp(text) : ipOf(cidr);
  return ip === undefined ? '' : `, seen as **${ip}**`;
}

function hostPort(ip: Ip, port: number): string {
  return isIp4(ip) ? `${ip}:${port}` : `[${ip}]:${port}`;
}
