import {
  type Cidr,
  containsIp,
  familyOfCidr,
  ipOf,
  networkOf,
  parseCidr,
  prefixLengthOf,
} from '#core/net/cidr.ts';
import { parseIp, parseIp4 } from '#core/net/ip.ts';
import type { Fix, Path } from '#core/problem.ts';
import { shown } from '../fields.ts';
import type { LegacyContainer } from '../parse.ts';
import { likelyAddress } from '../prefix.ts';
import { type LegacyProblem, legacyProblem } from '../problems.ts';
import { isFilledIn, type Setting } from '../setting.ts';

/** `path` names where a setting is wanted that is absent. */
export type WrittenAddresses = Pick<LegacyContainer, 'source' | 'gateway' | 'path'>;

export function checkSource({ source, gateway, path }: WrittenAddresses): readonly LegacyProblem[] {
  const word = wordOf(source, path);
  switch (word.kind) {
    case 'unknown':
      return [];
    case 'missing': {
      const message = 'The router has no EGRESS_SOURCE and ends at once: add the address it is to send from.';
      return [legacyProblem('error', 'legacy-source-missing', word.path, message)];
    }
    case 'not-text':
      return [notText('legacy-source-invalid', word.value, word.path)];
    case 'text':
      break;
  }
  const ip = parseIp4(word.text);
  if (ip === undefined) {
    return readIp4Cidr(word.text) === undefined ? [invalidSource(word.text, word.path)] : [];
  }
  const gatewayIp = gateway.kind === 'text' ? parseIp4(gateway.text) : undefined;
  const likely = gatewayIp === undefined ? undefined : likelyAddress(ip, gatewayIp);
  const message = `${ip} has no prefix length. OpenShift SDN does without; an EgressRouter needs that of the network, such as ${likely ?? `${ip}/24`}.`;
  const fixes: readonly Fix[] =
    likely === undefined
      ? []
      : [
          {
            title: `Use /${prefixLengthOf(likely)}, a network that has the gateway`,
            edits: [{ kind: 'replace', path: word.path, value: likely }],
          },
        ];
  return [legacyProblem('information', 'legacy-source-without-prefix', word.path, message, fixes)];
}

export function checkGateway({ source, gateway, path }: WrittenAddresses): readonly LegacyProblem[] {
  const word = wordOf(gateway, path);
  switch (word.kind) {
    case 'unknown':
      return [];
    case 'missing': {
      const message =
        'The router has no EGRESS_GATEWAY and ends at once: add the next hop to its destinations.';
      return [legacyProblem('error', 'legacy-gateway-missing', word.path, message)];
    }
    case 'not-text':
      return [notText('legacy-gateway-invalid', word.value, word.path)];
    case 'text':
      break;
  }
  const ip = parseIp4(word.text);
  if (ip === undefined) return [invalidGateway(word.text, word.path)];
  const address = source.kind === 'text' ? readSource(source.text) : undefined;
  if (address === undefined) return [];
  if (ipOf(address) === ip) {
    const message = `The gateway ${ip} is the router's own address; it has to be another host.`;
    return [legacyProblem('error', 'legacy-gateway-invalid', word.path, message)];
  }
  if (prefixLengthOf(address) === 32 || containsIp(address, ip)) return [];
  const message = `The gateway ${ip} is outside ${networkOf(address)}, the network of ${address}. OpenShift SDN sends to it all the same; an EgressRouter cannot.`;
  return [legacyProblem('warning', 'legacy-gateway-outside-subnet', word.path, message)];
}

/** What `EGRESS_SOURCE` says; without a prefix length it stands for the address alone, /32. */
export function readSource(text: string): Cidr | undefined {
  return readIp4Cidr(parseIp4(text) === undefined ? text : `${text}/32`);
}

type SettingWord =
  | { readonly kind: 'text'; readonly text: string; readonly path: Path }
  | { readonly kind: 'not-text'; readonly value: unknown; readonly path: Path }
  | { readonly kind: 'missing'; readonly path: Path }
  | { readonly kind: 'unknown' };

function wordOf(setting: Setting, container: Path): SettingWord {
  switch (setting.kind) {
    case 'absent':
      return { kind: 'missing', path: container };
    case 'config-map':
    case 'elsewhere':
      return { kind: 'unknown' };
    case 'not-text':
      return setting;
    case 'text':
      if (setting.text === '') return { kind: 'missing', path: setting.path };
      return isFilledIn(setting.text) ? { kind: 'unknown' } : setting;
  }
}

function readIp4Cidr(text: string): Cidr | undefined {
  const cidr = parseCidr(text);
  return cidr !== undefined && familyOfCidr(cidr) === 4 ? cidr : undefined;
}

function invalidSource(text: string, path: Path): LegacyProblem {
  const what = 'an IPv4 address with the prefix length of its network, such as 192.168.12.99/24';
  const fixes = fixTo(readIp4Cidr(text.trim()) ?? parseIp4(text.trim()), path);
  return legacyProblem('error', 'legacy-source-invalid', path, invalidMessage(text, what), fixes);
}

function invalidGateway(text: string, path: Path): LegacyProblem {
  const what = 'one IPv4 address, such as 192.168.12.1';
  const cidr = readIp4Cidr(text.trim());
  const fixes = fixTo(cidr === undefined ? parseIp4(text.trim()) : ipOf(cidr), path);
  return legacyProblem('error', 'legacy-gateway-invalid', path, invalidMessage(text, what), fixes);
}

function invalidMessage(text: string, what: string): string {
  const isIp6 = parseIp(text) !== undefined || parseCidr(text) !== undefined;
  const shown = JSON.stringify(text);
  return isIp6 && text.includes(':')
    ? `${shown} is IPv6; OpenShift SDN routers know IPv4 only. Give ${what}.`
    : `${shown} is not ${what}.`;
}

function fixTo(value: string | undefined, path: Path): readonly Fix[] {
  if (value === undefined) return [];
  return [{ title: `Use ${value}`, edits: [{ kind: 'replace', path, value }], isSafe: true }];
}

function notText(
  code: 'legacy-source-invalid' | 'legacy-gateway-invalid',
  value: unknown,
  path: Path,
): LegacyProblem {
  return legacyProblem(
    'error',
    code,
    path,
    `${shown(value)} is no text: a variable's value has to be a string.`,
  );
}
