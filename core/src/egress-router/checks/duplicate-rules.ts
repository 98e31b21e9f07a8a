import { familyOfCidr } from '#core/net/cidr.ts';
import { familyOf, type IpFamily } from '#core/net/ip.ts';
import { type Port, parsePort, parsePortText } from '#core/net/port.ts';
import { type Protocol, parseProtocol } from '#core/net/protocol.ts';
import type { Path, Problem } from '#core/problem.ts';
import type { RedirectRule } from '../model.ts';
import type { RouterReading } from '../parse.ts';
import { listAt, objectAt, ruleAt } from '../written.ts';

/**
 * Rules for the port of another one before them. What makes them the same is told by port and protocol alone where
 * the rest cannot be read yet.
 */
export function findDuplicateRules(router: RouterReading): readonly DuplicateRule[] {
  const { rules, spec } = router;
  if (rules.length < 2) return [];
  const family = onlyFamilyOf(router);
  const first = new Map<number, number>();
  return rules.flatMap((rule, index): DuplicateRule[] => {
    const socket = rule === undefined ? writtenSocket(ruleAt(spec, index), family) : socketOf(rule);
    if (socket === undefined) return [];
    const key = keyOf(socket);
    const earlier = first.get(key);
    const isText = typeof ruleAt(spec, index)['port'] === 'string';
    if (earlier !== undefined) return [toProblem(socket, index, earlier, { rules, isText })];
    first.set(key, index);
    return [];
  });
}

export type DuplicateRule = Problem<'duplicate-rule'>;

/** One port may serve both families: a client reaches the rule of its own. */
interface Socket {
  readonly port: number;
  readonly protocol: Protocol;
  readonly family: IpFamily;
}

function toProblem(
  { port, protocol }: Socket,
  index: number,
  earlier: number,
  { rules, isText }: Pick<RouterReading, 'rules'> & { readonly isText: boolean },
): DuplicateRule {
  const [one, other] = [rules[earlier], rules[index]];
  const isSame =
    one !== undefined && one.destination === other?.destination && one.targetPort === other.targetPort;
  const isOther = one !== undefined && other !== undefined && !isSame;
  const end = isSame
    ? ' and this one says the same: remove it.'
    : ', and this one says otherwise: remove one of the two, or change its port.';
  const where = one === undefined ? '' : `, to ${one.destination} port ${one.targetPort}`;
  const at = (entry: number): Path => ['spec', 'redirect', 'redirectRules', entry];
  return {
    code: 'duplicate-rule',
    // Two equal rules do no harm, and these may become equal.
    severity: isOther ? 'error' : 'warning',
    // Nothing more is said of a port that could not be read.
    path: isText ? at(index) : [...at(index), 'port'],
    message: `${protocol} port ${port} already has a rule (entry ${earlier + 1})${end}`,
    related: [
      { path: [...at(earlier), 'port'], message: `The first rule for ${protocol} port ${port}${where}.` },
    ],
    fixes: [
      {
        title: `Remove the second rule for ${protocol} port ${port}`,
        edits: [{ kind: 'remove', path: at(index) }],
        ...(isSame ? { isSafe: true } : {}),
      },
    ],
  };
}

function socketOf({ port, protocol, destination }: RedirectRule): Socket {
  return { port, protocol, family: familyOf(destination) };
}

/** @param family the only one that the router serves */
function writtenSocket(rule: ReturnType<typeof ruleAt>, family: IpFamily | undefined): Socket | undefined {
  const port = writtenPort(rule['port']);
  const protocol = writtenProtocol(rule['protocol']);
  const written = writtenFamily(rule['destinationIP']) ?? family;
  return port === undefined || protocol === undefined || written === undefined
    ? undefined
    : { port, protocol, family: written };
}

/** In quotes, too: that it is text is told by itself. */
function writtenPort(value: unknown): Port | undefined {
  return typeof value === 'string' ? parsePortText(value.trim()) : parsePort(value);
}

/** In lower case, too: that it must not be is told by itself. */
function writtenProtocol(value: unknown): Protocol | undefined {
  return typeof value === 'string' ? parseProtocol(value.trim().toUpperCase()) : undefined;
}

/** As it begins: a port or a prefix length may follow, and a name has no family. */
function writtenFamily(value: unknown): IpFamily | undefined {
  if (typeof value !== 'string') return undefined;
  if (/^[\s[]*[0-9]+\./.test(value)) return 4;
  return /^[\s[]*[0-9a-f]{0,4}:/i.test(value) ? 6 : undefined;
}

function onlyFamilyOf({ addresses, spec }: RouterReading): IpFamily | undefined {
  const families = new Set(
    addresses.map((one, index) =>
      one === undefined
        ? writtenFamily(objectAt(listAt(spec['addresses'])[index])['ip'])
        : familyOfCidr(one.address),
    ),
  );
  return families.size === 1 ? [...families][0] : undefined;
}

function keyOf({ protocol, port, family }: Socket): number {
  return (port * 4 + protocolOrder[protocol]) * 2 + (family === 6 ? 1 : 0);
}

const protocolOrder = { TCP: 0, UDP: 1, SCTP: 2 } as const;
