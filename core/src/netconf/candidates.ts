import { type Candidate, plain } from '#core/egress-router/candidates/candidate.ts';
import { macvlanModes } from '#core/egress-router/wire.ts';
import { cniType, nadName } from '#core/manifest/names.ts';
import { type Cidr, containsIp, firstIp, hasBroadcast, ipOf, parseCidr } from '#core/net/cidr.ts';
import { familyOf, ipFromNumber, ipToNumber } from '#core/net/ip.ts';
import { protocols } from '#core/net/protocol.ts';
import type { Path } from '#core/problem.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import { readDestination } from './destination-text.ts';
import { logLevels } from './model.ts';

/** Values for the place at a path of a network configuration, best first. @param conf decoded from JSON */
export function netConfCandidates(path: Path, conf: unknown): readonly Candidate[] {
  const ip = isJsonObject(conf) && isJsonObject(conf['ip']) ? conf['ip'] : {};
  switch (path.filter((step) => typeof step === 'string').join('.')) {
    case 'cniVersion':
      return [
        plain('0.4.0', 'What the Cluster Network Operator writes.'),
        plain('1.0.0', 'A later version of the specification.'),
      ];
    case 'type':
      return [plain(cniType, 'The plugin of egress routers.')];
    case 'name':
      return [plain(nadName, 'The name that the Cluster Network Operator gives.')];
    case 'interfaceType':
      return [plain('macvlan', 'The only kind there is.')];
    case 'interfaceArgs.mode':
      return macvlanModes.map((mode) => plain(mode.toLowerCase(), mode === 'Bridge' ? 'The default.' : ''));
    case 'log_level':
      return logLevels.map((level) => plain(level, ''));
    case 'log_file':
      return [plain('/tmp/egress-router-log', 'What the Cluster Network Operator writes.')];
    case 'dad.timeoutMs':
      return [plain('100', 'The default.'), plain('0', 'No detection.')];
    case 'ip.addresses':
      return [
        {
          parts: [{ placeholder: '192.168.12.99' }, '/', { placeholder: '24' }],
          note: 'A reserved address.',
        },
      ];
    case 'ip.gateway':
      return gateways(ip['addresses']);
    case 'ip.destinations':
      return destinations(ip['destinations'], path.at(-1));
    case 'localPorts':
      return [plain('9410 TCP', 'The port that the router process is probed on.')];
    default:
      return [];
  }
}

/** A rule in each protocol, with a port that has none yet and the server of another entry. */
function destinations(list: unknown, self: unknown): readonly Candidate[] {
  const others = (Array.isArray(list) ? list : []).flatMap((text: unknown, index) => {
    const read = typeof text === 'string' && index !== self ? readDestination(text) : undefined;
    return read === undefined || typeof read === 'string' ? [] : [read];
  });
  const server = others.at(-1)?.destination ?? '203.0.113.25';
  return protocols.map((protocol) => {
    let port = 8080;
    while (others.some((rule) => rule.protocol === protocol && rule.port === port)) port += 1;
    return {
      parts: [
        { placeholder: String(port) },
        ` ${protocol} `,
        { placeholder: server },
        ' ',
        { placeholder: '80' },
      ],
      note: 'Port, protocol, server and port of the server; the last one may be left out.',
    };
  });
}

function gateways(list: unknown): readonly Candidate[] {
  const [first]: readonly unknown[] = Array.isArray(list) ? list : [];
  const address: Cidr | undefined = typeof first === 'string' ? parseCidr(first) : undefined;
  if (address === undefined) return [];
  const start = firstIp(address);
  const value = ipToNumber(start) + (hasBroadcast(address) || familyOf(start) === 6 ? 1n : 0n);
  const guess = ipFromNumber(value, familyOf(start));
  return containsIp(address, guess) && guess !== ipOf(address)
    ? [plain(guess, 'The first host of the network.')]
    : [];
}
