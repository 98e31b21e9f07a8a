import type { RouterAddress } from '#core/egress-router/model.ts';
import { macvlanModes } from '#core/egress-router/wire.ts';
import { containsIp, firstIp, hasBroadcast, ipOf, parseCidr, toCidr } from '#core/net/cidr.ts';
import { familyOf, isIp4, parseIp } from '#core/net/ip.ts';
import { parseMac } from '#core/net/mac.ts';
import { protocols } from '#core/net/protocol.ts';
import type { Fix, Path, Problem } from '#core/problem.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import { nearestWord } from '#core/schema/nearest-word.ts';
import { logLevels, type NetConfProblemCode } from './model.ts';

/**
 * What a person may do about a problem of a configuration. Apart from `parseNetConf`, as the CNI executable
 * has no use for it. @param conf the configuration, decoded from JSON
 */
export function netConfFixes(
  { code, path, severity }: Problem<NetConfProblemCode>,
  conf: unknown,
): readonly Fix[] {
  const value = valueAt(conf, path);
  const text = typeof value === 'string' ? value : '';
  switch (code) {
    case 'netconf-cni-version-invalid':
      return [use('0.4.0', path)];
    case 'netconf-name-invalid':
      return text === '' ? [] : whereOther(text, text.replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9_.-]+/g, ''), path);
    case 'netconf-value-invalid':
      return [];
    case 'netconf-address-invalid':
      return addressFixes(text, conf, path);
    case 'netconf-address-duplicate':
    case 'netconf-fallback-duplicate':
      return [remove(path, text)];
    case 'netconf-gateway-invalid':
    case 'netconf-gateway-unmatched':
    case 'netconf-gateway-outside-subnet':
    case 'netconf-gateway-is-address':
      return gatewayFixes(text, conf, path);
    case 'netconf-destination-invalid':
      return text.trim() === '' ? [remove(path, text)] : [];
    case 'netconf-destination-port-invalid':
      // A zero in front is most often a habit.
      return whereOther(text, text.replace(/(^| )0+(?=[1-9]\d*( |$))/g, '$1'), path);
    case 'netconf-destination-protocol-invalid':
      return protocolFixes(text, path);
    case 'netconf-destination-prefix':
      return prefixFixes(text, path);
    case 'netconf-destination-duplicate':
      return [{ ...remove(path, text), ...(severity === 'warning' ? { isSafe: true } : {}) }];
    case 'netconf-destination-ip-invalid':
      return destinationFixes(text, path);
    case 'netconf-interface-unsupported':
      return [use('macvlan', path), remove(path, 'interfaceType')];
    case 'netconf-mode-invalid':
      return modeFixes(text, path);
    case 'netconf-master-invalid':
      return [remove(path, 'master')];
    case 'netconf-mtu-invalid':
      return [remove(path, 'mtu')];
    case 'netconf-mac-invalid':
      return [...withColons(text, path), remove(path, 'mac')];
    case 'netconf-dad-invalid':
      return [remove(path, path.at(-1) === 'dad' ? 'dad' : 'timeoutMs')];
    case 'netconf-local-port-invalid':
      return /^\d+$/.test(text) ? [use(`${text} TCP`, path), remove(path, text)] : [remove(path, text)];
    case 'netconf-log-invalid':
      return logFixes(text, path);
    case 'netconf-not-an-object':
    case 'netconf-no-addresses':
    case 'netconf-family-not-served':
    case 'netconf-nothing-redirected':
      return [];
  }
}

function addressFixes(text: string, conf: unknown, path: Path): readonly Fix[] {
  const ip = parseIp(text);
  if (ip === undefined) return [];
  const gateway = parseIp(String(valueAt(conf, ['ip', 'gateway'])));
  const usual = toCidr(ip, isIp4(ip) ? 24 : 64);
  // Where the usual prefix does not hold the gateway, nothing tells which one does.
  if (gateway !== undefined && familyOf(gateway) === familyOf(ip) && !containsIp(usual, gateway)) return [];
  return [use(usual, path)];
}

function gatewayFixes(text: string, conf: unknown, path: Path): readonly Fix[] {
  const first = addressOf(conf);
  const address = first?.address;
  const removal = typeof path.at(-1) === 'number' ? [] : [remove(path, 'gateway')];
  if (address === undefined || !isIp4(ipOf(address))) return removal;
  // Mostly one part of it is wrong: the network's own parts with the last one of the gateway.
  const host = /\.(\d{1,3})$/.exec(text)?.[1] ?? '1';
  const guess = parseIp(ipOf(address).replace(/\d+$/, host));
  const isGood = guess !== undefined && guess !== ipOf(address) && containsIp(address, guess);
  return isGood ? [use(guess, path), ...removal] : removal;
}

function addressOf(conf: unknown): RouterAddress | undefined {
  const text = valueAt(conf, ['ip', 'addresses', 0]);
  const address = typeof text === 'string' ? parseCidr(text) : undefined;
  return address === undefined ? undefined : { address };
}

function protocolFixes(text: string, path: Path): readonly Fix[] {
  const words = text.split(' ').filter((word) => word !== '');
  const near = nearestWord(words[1] ?? '', protocols);
  return (near === undefined ? protocols : [near]).map((protocol) => ({
    title: `Use ${protocol}`,
    edits: [{ kind: 'replace', path, value: words.with(1, protocol).join(' ') }],
  }));
}

/** An address that no server has is of no use; a name is one that a person has to find the address of. */
function destinationFixes(text: string, path: Path): readonly Fix[] {
  const words = text.split(' ').filter((word) => word !== '');
  return parseIp(words[words.length === 1 ? 0 : 2] ?? '') === undefined ? [] : [remove(path, text)];
}

/** The address before the prefix, unless it is that of the network itself. */
function prefixFixes(text: string, path: Path): readonly Fix[] {
  const written = /[^ ]+\/[^ ]*/.exec(text)?.[0] ?? '';
  const cidr = parseCidr(written);
  if (cidr !== undefined && hasBroadcast(cidr) && firstIp(cidr) === ipOf(cidr)) return [];
  return whereOther(text, text.replace(/\/[^ ]*/g, ''), path);
}

/** Written as other systems write it: `02-42-C0-A8-0C-63`, `0242.c0a8.0c63`. */
function withColons(text: string, path: Path): readonly Fix[] {
  const octets = text.replaceAll(/[^0-9a-f]/gi, '').match(/../g) ?? [];
  const mac = parseMac(octets.join(':'));
  return mac === undefined ? [] : whereOther(text, mac, path);
}

function modeFixes(text: string, path: Path): readonly Fix[] {
  const modes = macvlanModes.map((mode) => mode.toLowerCase());
  const near = nearestWord(text, modes);
  return (near === undefined ? modes : [near]).map((mode) => use(mode, path));
}

function logFixes(text: string, path: Path): readonly Fix[] {
  if (path.at(-1) === 'log_file') return [use('/tmp/egress-router-log', path)];
  const near = nearestWord(text, logLevels);
  return near === undefined ? logLevels.map((level) => use(level, path)) : [use(near, path)];
}

function whereOther(text: string, value: string, path: Path): readonly Fix[] {
  return value === text || value === '' ? [] : [use(value, path)];
}

function use(value: string, path: Path): Fix {
  return { title: `Use ${value}`, edits: [{ kind: 'replace', path, value }] };
}

function remove(path: Path, name: string): Fix {
  const title = name === '' ? 'Remove the entry' : `Remove "${name}"`;
  return { title, edits: [{ kind: 'remove', path }] };
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, step) => {
    if (Array.isArray(inner)) return inner[Number(step)];
    return isJsonObject(inner) ? inner[step] : undefined;
  }, value);
}
