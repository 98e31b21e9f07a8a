import { Environment } from '@marcbachmann/cel-js';
import { type Cidr, containsIp, ipOf, networkOf, parseCidr, prefixLengthOf } from '#core/net/cidr.ts';
import { familyOf, type Ip, parseIp } from '#core/net/ip.ts';

/** What the expressions of a policy may name, besides `variables`. */
export type CelContext = Readonly<Record<string, unknown>>;

export interface NamedExpression {
  readonly name: string;
  readonly expression: string;
}

/**
 * Compiles an expression of a policy: CEL with the libraries `ip` and `cidr` of Kubernetes as far as they say
 * what an address is and which network holds it, and `indexOf` of its lists. A variable is evaluated when it is first asked for.
 * @throws Error where the text is not CEL
 */
export function compileCel(
  expression: string,
  variables: readonly NamedExpression[],
): (context: CelContext) => unknown {
  const environment = kubernetesEnvironment();
  const run = environment.parse(expression);
  const named = variables.map((one) => ({ name: one.name, run: environment.parse(one.expression) }));
  return (context) => {
    const known: Record<string, unknown> = {};
    const full = { ...Object.fromEntries(Object.entries(context).map(toEntry)), variables: known };
    for (const variable of named) {
      const value = once(() => variable.run(full));
      Object.defineProperty(known, variable.name, { enumerable: true, get: value });
    }
    return run(full);
  };
}

class CelIp {
  readonly ip: Ip;
  constructor(ip: Ip) {
    this.ip = ip;
  }
}

class CelCidr {
  readonly cidr: Cidr;
  constructor(cidr: Cidr) {
    this.cidr = cidr;
  }
}

function kubernetesEnvironment(): Environment {
  return new Environment({ unlistedVariablesAreDyn: true })
    .registerType('net.IP', { ctor: CelIp, fields: {} })
    .registerType('net.CIDR', { ctor: CelCidr, fields: {} })
    .registerFunction('isIP(string): bool', (text: string) => toIp(text) !== undefined)
    .registerFunction('isCIDR(string): bool', (text: string) => toCidr(text) !== undefined)
    .registerFunction('ip(string): net.IP', (text: string) => new CelIp(must(toIp(text), text)))
    .registerFunction('cidr(string): net.CIDR', (text: string) => new CelCidr(must(toCidr(text), text)))
    .registerFunction('net.IP.family(): int', ({ ip }: CelIp) => BigInt(familyOf(ip)))
    .registerFunction('net.CIDR.ip(): net.IP', ({ cidr }: CelCidr) => new CelIp(ipOf(cidr)))
    .registerFunction('net.CIDR.masked(): net.CIDR', ({ cidr }: CelCidr) => new CelCidr(networkOf(cidr)))
    .registerFunction('net.CIDR.prefixLength(): int', ({ cidr }: CelCidr) => BigInt(prefixLengthOf(cidr)))
    .registerFunction('net.CIDR.containsIP(net.IP): bool', ({ cidr }: CelCidr, { ip }: CelIp) =>
      containsIp(cidr, ip),
    )
    .registerFunction('list.indexOf(dyn): int', (list: readonly unknown[], item: unknown) =>
      BigInt(list.indexOf(item)),
    )
    .registerOperator('net.IP == net.IP', (a: CelIp, b: CelIp) => a.ip === b.ip);
}

/** For Kubernetes an IPv4 address in IPv6 is none. */
function toIp(text: string): Ip | undefined {
  return isMapped(text) ? undefined : parseIp(text);
}

function toCidr(text: string): Cidr | undefined {
  return isMapped(text) ? undefined : parseCidr(text);
}

function isMapped(text: string): boolean {
  return /^::ffff:/i.test(text);
}

function must<T>(value: T | undefined, text: string): T {
  if (value === undefined) throw new Error(`"${text}" cannot be read`);
  return value;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function toEntry([key, value]: readonly [string, unknown]): readonly [string, unknown] {
  return [key, toCel(value)];
}

/** JSON as an API server hands it over: whole numbers are int, which is a bigint here. */
function toCel(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(toCel);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toCel(item)]));
}
