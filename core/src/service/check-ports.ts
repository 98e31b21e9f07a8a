import type { Fix, Path, Problem } from '#core/problem.ts';
import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';
import type { ServiceProblemCode } from './problem-codes.ts';

type PortProblem = Problem<ServiceProblemCode | 'missing-field' | 'invalid-name'>;

/** What the API server refuses in the ports of a Service, and a schema does not tell. */
export function checkServicePorts(ports: readonly unknown[]): readonly PortProblem[] {
  const [only] = ports;
  if (ports.length === 1) return isJsonObject(only) ? wrongName({ port: only, index: 0 }) : [];
  const written = ports.flatMap((port, index): Entry[] => (isJsonObject(port) ? [{ port, index }] : []));
  const names = written.flatMap(wrongName);
  return [...names, ...nameless(written), ...repeated(written)];
}

interface Entry {
  readonly port: JsonObject;
  readonly index: number;
}

const path: Path = ['spec', 'ports'];

function wrongName({ port: { name }, index }: Entry): readonly PortProblem[] {
  // Its length is told by the schema.
  if (typeof name !== 'string' || name === '' || /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/.test(name)) return [];
  const at = [...path, index, 'name'];
  const mended = name.toLowerCase().replace(/[._ ]/g, '-');
  const canBe = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/.test(mended);
  const fixes: readonly Fix[] = canBe
    ? [{ title: `Use ${mended}`, edits: [{ kind: 'replace', path: at, value: mended }] }]
    : [];
  const message = `${JSON.stringify(name)} cannot be the name of a port: lower-case letters, digits and "-" only, a letter or digit at both ends.`;
  return [{ code: 'invalid-name', severity: 'error', path: at, message, fixes }];
}

function nameless(entries: readonly Entry[]): readonly PortProblem[] {
  const isTaken = new Set(entries.map(({ port }) => port['name']));
  return entries.flatMap(({ port, index }): PortProblem[] => {
    if ((port['name'] ?? '') !== '') return [];
    const message = 'Of several ports of a Service each needs a "name".';
    const name = `port-${String(port['port'])}`;
    const canHaveIt = typeof port['port'] === 'number' && !isTaken.has(name) && port['name'] === undefined;
    const edits = [{ kind: 'add', path: [...path, index, 'name'], value: name }] as const;
    const fixes = canHaveIt ? [{ title: `Name it ${name}`, edits }] : [];
    return [{ code: 'missing-field', severity: 'error', path: [...path, index], message, fixes }];
  });
}

/** Names, sockets and ports of nodes that an entry before has. */
function repeated(entries: readonly Entry[]): readonly PortProblem[] {
  const isTaken = new Set(entries.map(({ port }) => port['name']));
  return identities.flatMap((identity) => {
    const firsts = new Map<string, Entry>();
    return entries.flatMap((entry): PortProblem[] => {
      const key = identity.of(entry.port);
      if (key === undefined) return [];
      const first = firsts.get(key);
      if (first === undefined) firsts.set(key, entry);
      if (first === undefined || identity.mayShare?.(first.port, entry.port) === true) return [];
      const { field } = identity;
      const at = [...path, entry.index, field];
      return [
        {
          code: 'service-port-repeated',
          severity: 'error',
          path: at,
          message: identity.tell(key, first.index + 1),
          related: [{ path: [...path, first.index, field], message: `The first one with ${key}.` }],
          fixes: identity.fixes(entry, at, (name) => isTaken.has(name)),
        },
      ];
    });
  });
}

/** What no two ports of a Service have in common. */
interface Identity {
  readonly field: 'name' | 'port' | 'nodePort';
  of(port: JsonObject): string | undefined;
  /** @param first the number of the entry that has it already, counted from 1 */
  tell(key: string, first: number): string;
  fixes(entry: Entry, at: Path, isTaken: (name: string) => boolean): readonly Fix[];
  mayShare?(first: JsonObject, second: JsonObject): boolean;
}

const identities: readonly Identity[] = [
  {
    field: 'name',
    of: ({ name }) => (typeof name === 'string' && name !== '' ? name : undefined),
    tell: (key, first) =>
      `Entry ${first} of "ports" has the name ${key} already: give this one another name.`,
    fixes: ({ port }, at, isTaken) => {
      const name = `${protocolOf(port).toLowerCase()}-${String(port['port'])}`;
      if (typeof port['port'] !== 'number' || isTaken(name)) return [];
      return [{ title: `Name it ${name}`, edits: [{ kind: 'replace', path: at, value: name }] }];
    },
  },
  {
    field: 'port',
    of: (port) => (typeof port['port'] === 'number' ? `${port['port']}/${protocolOf(port)}` : undefined),
    tell: (key, first) =>
      `Entry ${first} of "ports" is for ${key} already: remove one of the two, or change its port.`,
    fixes: ({ index }) => [
      { title: 'Remove the second entry', edits: [{ kind: 'remove', path: [...path, index] }] },
    ],
  },
  {
    field: 'nodePort',
    of: ({ nodePort }) => (typeof nodePort === 'number' && nodePort !== 0 ? `${nodePort}` : undefined),
    tell: (key, first) =>
      `Entry ${first} of "ports" has port ${key} of the nodes already: choose another one, or leave it to the cluster.`,
    fixes: (_entry, at) => [
      { title: 'Leave the port of the nodes to the cluster', edits: [{ kind: 'remove', path: at }] },
    ],
    // As DNS has it: one port, for TCP and for UDP.
    mayShare: (first, second) => first['port'] === second['port'] && protocolOf(first) !== protocolOf(second),
  },
];

function protocolOf({ protocol }: JsonObject): string {
  return typeof protocol === 'string' && protocol !== '' ? protocol : 'TCP';
}
