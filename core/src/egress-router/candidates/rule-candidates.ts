import { familyOfCidr } from '#core/net/cidr.ts';
import { type Ip, type IpFamily, isIp4, parseIp } from '#core/net/ip.ts';
import { parsePort } from '#core/net/port.ts';
import { type Protocol, parseProtocol } from '#core/net/protocol.ts';
import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';
import { type Candidate, candidateText, type Manifest, plain, type Surroundings } from './candidate.ts';

/** Ports that no other rule has: the one after the highest, then the customary ones. */
export function ports({ value }: Manifest, index: number | undefined): readonly Candidate[] {
  const rules = rulesOf(value);
  const own = index === undefined ? undefined : rules[index];
  const taken = takenPorts(rules, index, parseProtocol(own?.['protocol']));
  const highest = Math.max(0, ...taken);
  const next = nextFree(highest, taken);
  const notes = new Map<number, string>();
  if (highest > 0 && next !== undefined) notes.set(next, `The next port after ${highest} without a rule.`);
  const target = parsePort(own?.['targetPort']);
  if (target !== undefined && !taken.has(target)) notes.set(target, 'The same as targetPort.');
  for (const [port, use] of customary) if (!taken.has(port) && !notes.has(port)) notes.set(port, use);
  return numbers(notes);
}

/** Ports of remote servers: those of the other rules, then the customary ones. The rule's own port is the default. */
export function targetPorts({ value }: Manifest, index: number | undefined): readonly Candidate[] {
  const rules = rulesOf(value);
  const port = index === undefined ? undefined : parsePort(rules[index]?.['port']);
  const notes = new Map<number, string>();
  for (const [at, rule] of rules.entries()) {
    const used = parsePort(rule['targetPort']);
    if (at !== index && used !== undefined) notes.set(used, 'The remote port of another rule.');
  }
  for (const [one, use] of customary) if (!notes.has(one)) notes.set(one, use);
  if (port !== undefined) notes.delete(port);
  return numbers(notes);
}

/** Those with which the rule's port is still free come first. */
export function protocols({ value }: Manifest, index: number | undefined): readonly Candidate[] {
  const rules = rulesOf(value);
  const port = index === undefined ? undefined : rules[index]?.['port'];
  const isTaken = (protocol: string): boolean =>
    port !== undefined &&
    rules.some((rule, at) => at !== index && rule['port'] === port && rule['protocol'] === protocol);
  return Object.entries(protocolNotes)
    .map(([protocol, note]) =>
      plain(protocol, isTaken(protocol) ? `${note} Port ${String(port)} has a rule for it already.` : note),
    )
    .toSorted((a, b) => Number(isTaken(candidateText(a))) - Number(isTaken(candidateText(b))));
}

/** Those of this router, then of others, then an example, of the families that the router has an address of. */
export function destinations(
  { value, reading }: Manifest,
  { facts, cluster }: Surroundings,
): readonly Candidate[] {
  const read = reading.addresses.filter((one) => one !== undefined);
  const serves = (family: IpFamily): boolean =>
    read.length === 0 || read.some(({ address }) => familyOfCidr(address) === family);
  const notes = new Map<Ip, string>();
  const offer = (ip: Ip | undefined, note: string): void => {
    if (ip !== undefined && serves(isIp4(ip) ? 4 : 6) && !notes.has(ip)) notes.set(ip, note);
  };
  for (const rule of rulesOf(value))
    offer(readIp(rule['destinationIP']), 'A destination of this router already.');
  offer(reading.fallback, 'A destination of this router already.');
  for (const fact of facts) {
    if (fact.kind !== 'router') continue;
    const note =
      fact.name === undefined
        ? 'Another router redirects to it.'
        : `The router ${fact.name} redirects to it.`;
    for (const { destination } of fact.rules) offer(destination, note);
    offer(fact.fallback?.ip, note);
  }
  for (const { name, rules } of cluster?.routers ?? []) {
    for (const { destination } of rules)
      offer(destination, `The router ${name} in ${cluster?.context} redirects to it.`);
  }
  const known = [...notes].slice(0, maxKnown).map(([ip, note]) => plain(ip, note));
  const examples = exampleServers.filter(
    ({ family, text }) => serves(family) && !known.some((one) => candidateText(one) === text),
  );
  return [...known, ...examples.map(({ text, note }) => ({ parts: [{ placeholder: text }], note }))];
}

/** A list to choose from, not a directory of all servers there are. */
const maxKnown = 50;

const exampleServers = [
  { family: 4, text: '203.0.113.25', note: 'The IPv4 address of a remote server.' },
  { family: 6, text: '2001:db8::25', note: 'The IPv6 address of a remote server.' },
] as const;

const protocolNotes = {
  TCP: 'Connections.',
  UDP: 'Datagrams.',
  SCTP: 'Associations. The nodes must have the sctp module loaded.',
} as const satisfies Record<Protocol, string>;

const customary: readonly (readonly [port: number, use: string])[] = [
  [8080, 'HTTP, where 80 is taken.'],
  [8443, 'HTTPS, where 443 is taken.'],
  [80, 'HTTP.'],
  [443, 'HTTPS.'],
  [22, 'SSH and SFTP.'],
  [25, 'SMTP.'],
  [53, 'DNS.'],
  [389, 'LDAP.'],
  [636, 'LDAP over TLS.'],
  [1433, 'Microsoft SQL Server.'],
  [1521, 'Oracle Database.'],
  [3306, 'MySQL.'],
  [5432, 'PostgreSQL.'],
  [6379, 'Redis.'],
  [9092, 'Kafka.'],
];

function numbers(notes: ReadonlyMap<number, string>): readonly Candidate[] {
  return [...notes].map(([port, note]) => plain(String(port), note));
}

function rulesOf(value: unknown): readonly JsonObject[] {
  const spec = isJsonObject(value) ? value['spec'] : undefined;
  const redirect = isJsonObject(spec) ? spec['redirect'] : undefined;
  const rules = isJsonObject(redirect) ? redirect['redirectRules'] : undefined;
  return Array.isArray(rules) ? rules.map((rule: unknown) => (isJsonObject(rule) ? rule : {})) : [];
}

/** Of a rule whose protocol is not known, any port of another rule could be the same. */
function takenPorts(
  rules: readonly JsonObject[],
  index: number | undefined,
  protocol: Protocol | undefined,
): ReadonlySet<number> {
  return new Set(
    rules.flatMap((rule, at) => {
      const other = parseProtocol(rule['protocol']);
      const isApart = protocol !== undefined && other !== undefined && protocol !== other;
      const port = at === index || isApart ? undefined : parsePort(rule['port']);
      return port ?? [];
    }),
  );
}

function nextFree(after: number, taken: ReadonlySet<number>): number | undefined {
  for (let port = after + 1; port <= 65535; port += 1) if (!taken.has(port)) return port;
  return undefined;
}

function readIp(value: unknown): Ip | undefined {
  return typeof value === 'string' ? parseIp(value) : undefined;
}
