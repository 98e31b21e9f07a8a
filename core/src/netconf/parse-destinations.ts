import type { RedirectRule, RouterAddress } from '#core/egress-router/model.ts';
import { firstIp, hasBroadcast, ipOf, lastIp, networkOf } from '#core/net/cidr.ts';
import { bitsOf, familyOf, type Ip, type Ip4, type Ip6, isIp4, parseIp } from '#core/net/ip.ts';
import { parsePortText } from '#core/net/port.ts';
import { parseProtocol, protocols } from '#core/net/protocol.ts';
import type { Path } from '#core/problem.ts';
import { isUnicast } from './host-address.ts';
import type { LocalPort, NetConf } from './model.ts';
import { type Fields, type NetConfProblems, quote, stringsAt } from './problems.ts';

/** Reads `ip.destinations` and `ip.fallbackIP`; a lone address among the destinations is a fallback too. */
export function parseDestinations(
  ip: Fields,
  addresses: readonly RouterAddress[],
  problems: NetConfProblems,
): Pick<NetConf, 'rules' | 'fallbacks'> {
  const rules = new Map<string, RedirectRule>();
  const fallbacks: { v4?: Ip4; v6?: Ip6 } = {};
  const places = placesOf(addresses);
  const destinations = stringsAt(ip['destinations'], ['ip', 'destinations'], problems);
  for (const [index, text] of destinations.entries()) {
    const path = ['ip', 'destinations', index];
    const words = toWords(text);
    if (words.length === 1) {
      const target = parseTarget(words[0] ?? '', path, problems);
      checkPlace(target, places, path, problems);
      addFallback(target, path, fallbacks, problems);
    } else {
      const rule = parseRule(words, text, path, problems);
      checkPlace(rule?.destination, places, path, problems);
      addRule(rule, path, rules, problems);
    }
  }
  const fallbackIp = ip['fallbackIP'];
  const isList = Array.isArray(fallbackIp);
  const texts = stringsAt(isList ? fallbackIp : listOf(fallbackIp), ['ip', 'fallbackIP'], problems);
  for (const [index, text] of texts.entries()) {
    const path = isList ? ['ip', 'fallbackIP', index] : ['ip', 'fallbackIP'];
    const target = parseTarget(text, path, problems);
    checkPlace(target, places, path, problems);
    addFallback(target, path, fallbacks, problems);
  }
  if (rules.size === 0 && destinations.length === 0 && texts.length === 0) {
    problems.warning(
      'netconf-nothing-redirected',
      ['ip'],
      'There is neither a destination nor a fallback: every connection will be rejected.',
    );
  }
  const parsed = { rules: [...rules.values()], fallbacks };
  if (addresses.length > 0) checkFamilies(parsed, addresses, problems);
  return parsed;
}

/** Reads `localPorts`: `<port> <PROTOCOL>` each. */
export function parseLocalPorts(
  conf: Fields,
  rules: readonly RedirectRule[],
  problems: NetConfProblems,
): readonly LocalPort[] {
  const ports = new Map<string, LocalPort>();
  for (const [index, text] of stringsAt(conf['localPorts'], ['localPorts'], problems).entries()) {
    const [portText = '', protocolText = '', ...rest] = text.split(' ');
    const port = parsePortText(portText);
    const protocol = parseProtocol(protocolText.toUpperCase());
    if (port === undefined || protocol === undefined || rest.length > 0) {
      problems.error(
        'netconf-local-port-invalid',
        ['localPorts', index],
        `Local port ${quote(text)} is not "<port> <protocol>", such as "9410 TCP".`,
      );
      continue;
    }
    if (rules.some((rule) => rule.port === port && rule.protocol === protocol)) {
      problems.error(
        'netconf-local-port-invalid',
        ['localPorts', index],
        `Port ${port}/${protocol} is redirected by a rule, so the pod itself cannot answer on it.`,
      );
    }
    ports.set(`${port} ${protocol}`, { protocol, port });
  }
  return [...ports.values()];
}

/** Not by a pattern: on the engine that runs the executable that takes most of the time of 1,000 rules. */
function toWords(text: string): readonly string[] {
  const words = text.split(' ');
  if (!words.includes('') && !text.includes('\t')) return words;
  return words.flatMap((word) => word.split('\t')).filter((word) => word !== '');
}

function parseRule(
  words: readonly string[],
  text: string,
  path: Path,
  problems: NetConfProblems,
): RedirectRule | undefined {
  const [portText = '', protocolText = '', targetText = '', targetPortText = portText] = words;
  if (words.length !== 3 && words.length !== 4) {
    problems.error(
      'netconf-destination-invalid',
      path,
      `Destination ${quote(text)} is not "<port> <protocol> <ip> [<target port>]".`,
    );
    return undefined;
  }
  const port = parsePortText(portText);
  const targetPort = parsePortText(targetPortText);
  const protocol = parseProtocol(protocolText.toUpperCase());
  for (const [parsed, word] of [[port, portText] as const, [targetPort, targetPortText] as const]) {
    if (parsed !== undefined) continue;
    problems.error(
      'netconf-destination-port-invalid',
      path,
      `Port ${quote(word)} in destination ${quote(text)} is not a number from 1 to 65535.`,
    );
    break;
  }
  if (protocol === undefined) {
    problems.error(
      'netconf-destination-protocol-invalid',
      path,
      `Protocol ${quote(protocolText)} in destination ${quote(text)} is none of ${protocols.join(', ')}.`,
    );
  }
  const destination = parseTarget(targetText, path, problems);
  if (port === undefined || targetPort === undefined || protocol === undefined || destination === undefined) {
    return undefined;
  }
  return { port, protocol, destination, targetPort };
}

/** One address, which may carry the prefix length of a single host. */
function parseTarget(text: string, path: Path, problems: NetConfProblems): Ip | undefined {
  const [address = '', prefix] = text.includes('/') ? text.split('/', 2) : [text];
  const ip = parseIp(address);
  if (ip === undefined || !isUnicast(ip)) {
    problems.error(
      'netconf-destination-ip-invalid',
      path,
      ip === undefined
        ? `Destination ${quote(text)} is not an IP address; names are not resolved on the node.`
        : `Destination ${ip} is not an address that a server can have.`,
    );
    return undefined;
  }
  if (text.includes('/') && (prefix !== String(bitsOf(familyOf(ip))) || text.split('/').length > 2)) {
    problems.error(
      'netconf-destination-prefix',
      path,
      `Destination ${quote(text)} is a network; a connection can be redirected to one address only.`,
    );
    return undefined;
  }
  return ip;
}

/** What an address is to a router that no server can have it. */
type Place = { readonly kind: 'own' } | { readonly kind: 'edge'; readonly name: string };

/** The first and the last address of a network that the router is on stand for the network, and for all hosts. */
function placesOf(addresses: readonly RouterAddress[]): ReadonlyMap<Ip, Place> {
  const places = new Map<Ip, Place>();
  for (const { address } of addresses) {
    if (!hasBroadcast(address)) continue;
    places.set(firstIp(address), { kind: 'edge', name: `the network address of ${networkOf(address)}` });
    places.set(lastIp(address), { kind: 'edge', name: `the broadcast address of ${networkOf(address)}` });
  }
  for (const { address } of addresses) places.set(ipOf(address), { kind: 'own' });
  return places;
}

function checkPlace(
  ip: Ip | undefined,
  places: ReadonlyMap<Ip, Place>,
  path: Path,
  problems: NetConfProblems,
): void {
  const place = ip === undefined ? undefined : places.get(ip);
  if (place === undefined) return;
  if (place.kind === 'own') {
    problems.error(
      'netconf-destination-ip-invalid',
      path,
      `Destination ${ip} is the router's own address: connections would end at the router.`,
    );
    return;
  }
  problems.warning(
    'netconf-destination-ip-invalid',
    path,
    `Destination ${ip} is ${place.name}, which the router is on: no server has it.`,
  );
}

function addRule(
  rule: RedirectRule | undefined,
  path: Path,
  rules: Map<string, RedirectRule>,
  problems: NetConfProblems,
): void {
  if (rule === undefined) return;
  const key = `${familyOf(rule.destination)} ${rule.protocol} ${rule.port}`;
  const earlier = rules.get(key);
  if (earlier === undefined) {
    rules.set(key, rule);
    return;
  }
  const isSame = earlier.destination === rule.destination && earlier.targetPort === rule.targetPort;
  const message = `Port ${rule.port}/${rule.protocol} is already redirected to ${earlier.destination} port ${earlier.targetPort}`;
  if (isSame) problems.warning('netconf-destination-duplicate', path, `${message}; this repeats it.`);
  else problems.error('netconf-destination-duplicate', path, `${message}; it cannot have a second target.`);
}

function addFallback(
  ip: Ip | undefined,
  path: Path,
  fallbacks: { v4?: Ip4; v6?: Ip6 },
  problems: NetConfProblems,
): void {
  if (ip === undefined) return;
  const earlier = isIp4(ip) ? fallbacks.v4 : fallbacks.v6;
  if (isIp4(ip)) fallbacks.v4 ??= ip;
  else fallbacks.v6 ??= ip;
  if (earlier !== undefined && earlier !== ip) {
    problems.error(
      'netconf-fallback-duplicate',
      path,
      `Connections without a rule already go to ${earlier}; they cannot go to ${ip} too.`,
    );
  }
}

function checkFamilies(
  parsed: Pick<NetConf, 'rules' | 'fallbacks'>,
  addresses: readonly RouterAddress[],
  problems: NetConfProblems,
): void {
  const served = new Set(addresses.map((entry) => familyOf(ipOf(entry.address))));
  const { v4, v6 } = parsed.fallbacks;
  const targets = [...parsed.rules.map((rule) => rule.destination), v4, v6];
  for (const family of [4, 6] as const) {
    const target = targets.find((ip) => ip !== undefined && familyOf(ip) === family);
    if (target === undefined || served.has(family)) continue;
    problems.error(
      'netconf-family-not-served',
      ['ip', 'addresses'],
      `Destination ${target} needs an IPv${family} address on the router, and it has none.`,
    );
  }
}

function listOf(value: unknown): unknown {
  return value === undefined || value === null || value === '' ? [] : [value];
}
