import { ipOf, parseCidr } from '#core/net/cidr.ts';
import { familyOf, type Ip, isIp4 } from '#core/net/ip.ts';
import type { Path } from '#core/problem.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import { readDestination } from './destination-text.ts';

/**
 * What follows from the value at a path of a network configuration, in Markdown; undefined where nothing does
 * or it cannot be read. @param conf the configuration, decoded from JSON
 */
export function netConfSentence(path: Path, conf: unknown): string | undefined {
  const [section, field, index] = path;
  if (section !== 'ip' || !isJsonObject(conf) || !isJsonObject(conf['ip'])) return undefined;
  const { ip } = conf;
  const value = typeof index === 'number' ? listAt(ip[String(field)])[index] : ip[String(field)];
  if (typeof value !== 'string') return undefined;
  if (field === 'destinations' || field === 'fallbackIP') {
    const destination = readDestination(value);
    if (destination === undefined) return undefined;
    const addresses = listAt(ip['addresses']);
    if (typeof destination === 'string') {
      return `client → router:*any other port* → **${destination}**, same port${seenAs(destination, addresses)}`;
    }
    const { port, protocol, destination: target, targetPort } = destination;
    const host = isIp4(target) ? target : `[${target}]`;
    return `client → router:${port}/${protocol} → **${host}:${targetPort}**${seenAs(target, addresses)}`;
  }
  return undefined;
}

/** The remote server sees the first address of its family. */
function seenAs(destination: Ip, addresses: readonly unknown[]): string {
  const own = addresses
    .map((text) => (typeof text === 'string' ? parseCidr(text) : undefined))
    .find((cidr) => cidr !== undefined && familyOf(ipOf(cidr)) === familyOf(destination));
  return own === undefined ? '' : `, seen as **${ipOf(own)}**`;
}

function listAt(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
