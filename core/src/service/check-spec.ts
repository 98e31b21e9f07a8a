import { listAt, objectAt, valueAt } from '#core/egress-router/written.ts';
import { parseCidr } from '#core/net/cidr.ts';
import { parseIp } from '#core/net/ip.ts';
import type { Path, Problem } from '#core/problem.ts';
import type { ServiceFaultCode } from '#core/relations/facts.ts';
import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';
import { compileSchema, type SchemaProblem } from '#core/schema/validate.ts';
import { checkServiceFields, isEmpty, typeOf } from './check-fields.ts';
import { checkServicePorts } from './check-ports.ts';
import { serviceSpecSchema } from './schema.ts';

type Fault = Problem<ServiceFaultCode>;

/** What the API server refuses in a Service beside its metadata, and what of it leads nowhere. */
export function checkServiceSpec(service: JsonObject): readonly Fault[] {
  const spec = objectAt(service['spec']);
  const ports: readonly unknown[] = listAt(spec['ports']);
  const problems = validate(service);
  return [
    ...(problems.length === 0
      ? []
      : problems.filter((problem) => !isTakenEmpty(problem, service)).map(toFault)),
    ...checkServicePorts(ports),
    ...missingFields(spec),
    ...serviceName(service['metadata']),
    // Most Services have no other fields: ten thousand are looked at in a moment.
    ...(hasOnlyUsual(spec, ports) ? [] : [...words(spec), ...checkServiceFields(spec)]),
  ];
}

function hasOnlyUsual(spec: JsonObject, ports: readonly unknown[]): boolean {
  for (const key in spec) if (!usual.has(key)) return false;
  return (
    typeOf(spec) === 'ClusterIP' &&
    !ports.some((port) => isJsonObject(port) && Object.hasOwn(port, 'nodePort'))
  );
}

const usual: ReadonlySet<string> = new Set(['type', 'selector', 'ports']);

const validate = compileSchema({
  type: 'object',
  // Of the others more is known elsewhere.
  properties: { apiVersion: {}, kind: {}, metadata: {}, spec: serviceSpecSchema, status: {} },
  additionalProperties: false,
});

function toFault(problem: SchemaProblem): Fault {
  const { missing: _, code, ...rest } = problem;
  // None of these has a pattern, or a choice.
  return { code: code === 'pattern-mismatch' || code === 'no-variant' ? 'wrong-format' : code, ...rest };
}

/** With these words an empty one stands for the default. */
const mayBeEmpty: ReadonlySet<unknown> = new Set([
  'type',
  'protocol',
  'sessionAffinity',
  'externalTrafficPolicy',
]);

function isTakenEmpty({ code, path }: SchemaProblem, service: JsonObject): boolean {
  return code === 'not-in-enum' && mayBeEmpty.has(path.at(-1)) && valueAt(service, path) === '';
}

function missingFields(spec: JsonObject): readonly Fault[] {
  const { ports, clusterIP, externalName } = spec;
  const type = typeOf(spec);
  const path: Path = ['spec'];
  if (type === 'ExternalName') {
    if (!isEmpty(externalName)) return [];
    const message = '"spec" needs "externalName" with "type: ExternalName".';
    return [{ code: 'missing-field', severity: 'error', path, message }];
  }
  const hasNone = ports === undefined || ports === null || (Array.isArray(ports) && ports.length === 0);
  // A headless one leads to every port of the pod.
  if (!hasNone || clusterIP === 'None') return [];
  const message = '"spec" needs "ports": at least one port that clients connect to.';
  return [
    {
      code: 'missing-field',
      severity: 'error',
      path: ports === undefined ? path : [...path, 'ports'],
      message,
    },
  ];
}

/** It is one label of a name in DNS, where other objects may have names of several. */
function serviceName(metadata: unknown): readonly Fault[] {
  const { name } = objectAt(metadata);
  if (typeof name !== 'string' || !isDomain(name) || (name.length <= 63 && !name.includes('.'))) return [];
  const path: Path = ['metadata', 'name'];
  const message = `"${name}" cannot be the name of a Service: at most 63 characters, and no ".".`;
  return [{ code: 'invalid-name', severity: 'error', path, message }];
}

/** Texts that are to be addresses, networks, or names. */
function words(spec: JsonObject): readonly Fault[] {
  const { clusterIP, externalName } = spec;
  const outside: readonly unknown[] = listAt(spec['externalIPs']);
  const ranges: readonly unknown[] = listAt(spec['loadBalancerSourceRanges']);
  return [
    ...addressFault(clusterIP === 'None' ? '' : clusterIP, ['spec', 'clusterIP'], 'an address, or None'),
    ...outside.flatMap((one, index) => addressFault(one, ['spec', 'externalIPs', index], 'an address')),
    ...ranges.flatMap((one, index) => rangeFault(one, ['spec', 'loadBalancerSourceRanges', index])),
    ...(typeOf(spec) === 'ExternalName' && typeof externalName === 'string' ? nameFault(externalName) : []),
  ];
}

function addressFault(value: unknown, path: Path, wish: string): readonly Fault[] {
  if (typeof value !== 'string' || value === '' || parseIp(value) !== undefined) return [];
  const isWord = value.toLowerCase() === 'none' && path[1] === 'clusterIP';
  const fixes = isWord
    ? ([{ title: 'Use None', edits: [{ kind: 'replace', path, value: 'None' }], isSafe: true }] as const)
    : [];
  const message = `"${String(path[1])}" must be ${wish}; ${JSON.stringify(value)} is not.`;
  return [{ code: 'wrong-format', severity: 'error', path, message, fixes }];
}

function rangeFault(value: unknown, path: Path): readonly Fault[] {
  // Bits of a host in it are refused by the newest servers only, which the others clear.
  if (typeof value !== 'string' || parseCidr(value.trim()) !== undefined) return [];
  const message = `${JSON.stringify(value)} is no network in CIDR notation, such as 192.168.12.0/24.`;
  return [{ code: 'wrong-format', severity: 'error', path, message }];
}

function nameFault(name: string): readonly Fault[] {
  if (name === '' || isDomain(name.replace(/\.$/, ''))) return [];
  const message = `${JSON.stringify(name)} is no name in DNS: lower-case letters, digits, "-" and "." only.`;
  return [{ code: 'wrong-format', severity: 'error', path: ['spec', 'externalName'], message }];
}

function isDomain(name: string): boolean {
  return (
    name.length <= 253 &&
    name.split('.').every((label) => label.length > 0 && /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/.test(label))
  );
}
