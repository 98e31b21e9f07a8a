import { listAt } from '#core/egress-router/written.ts';
import type { Fix, Path, Problem, Severity, ValueEdit } from '#core/problem.ts';
import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';

type FieldProblem = Problem<'service-fields-conflict'>;

/** Fields of a Service that do not go together: most the API server refuses, of some it takes no notice. */
export function checkServiceFields(spec: JsonObject): readonly FieldProblem[] {
  const type = typeOf(spec);
  // It is told by itself that there is none such.
  if (type === undefined) return [];
  return [
    ...nodePorts(spec, type),
    ...clusterAddress(spec, type),
    ...otherAddresses(spec),
    ...families(spec),
    ...(type === 'ExternalName' ? selectorOfName(spec) : []),
    ...misplaced(spec, type),
  ];
}

type ServiceType = (typeof types)[number];

const types = ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'] as const;

/** Undefined where what is written is none. */
export function typeOf({ type }: JsonObject): ServiceType | undefined {
  return isEmpty(type) ? 'ClusterIP' : types.find((one) => one === type);
}

/** Of what is empty an API server takes no notice. */
export function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function nodePorts(spec: JsonObject, type: ServiceType): readonly FieldProblem[] {
  if (type !== 'ClusterIP') return [];
  return listAt(spec['ports']).flatMap((port: unknown, index): FieldProblem[] => {
    const nodePort = isJsonObject(port) ? port['nodePort'] : undefined;
    if (typeof nodePort !== 'number' || nodePort === 0) return [];
    const path = ['spec', 'ports', index, 'nodePort'];
    const message = `Only a Service with "type: NodePort" or "LoadBalancer" has ports of the nodes, such as ${nodePort}: write one of these types, or leave "nodePort" out.`;
    return [conflict('error', path, message, [useType(spec, 'NodePort'), removeOf(path)])];
  });
}

function clusterAddress(spec: JsonObject, type: ServiceType): readonly FieldProblem[] {
  const { clusterIP } = spec;
  const path = ['spec', 'clusterIP'];
  if (typeof clusterIP !== 'string' || clusterIP === '') return [];
  if (type === 'ExternalName') {
    const message = `A Service with "type: ExternalName" has no address of its own, so "clusterIP: ${clusterIP}" may not be there: leave it out, or write another type.`;
    return [conflict('error', path, message, [removeOf(path)])];
  }
  if (type === 'ClusterIP' || clusterIP !== 'None') return [];
  const message = `A Service with "type: ${type}" needs an address of its own, so "clusterIP" may not be None: leave it out, or write "type: ClusterIP".`;
  return [conflict('error', path, message, [removeOf(path), useType(spec, 'ClusterIP')])];
}

function otherAddresses({ clusterIP, clusterIPs }: JsonObject): readonly FieldProblem[] {
  const addresses: readonly unknown[] = listAt(clusterIPs);
  const [first] = addresses;
  const path = ['spec', 'clusterIPs'];
  if (first === undefined) return [];
  const message = isEmpty(clusterIP)
    ? 'With "clusterIPs" there has to be "clusterIP", which is the first of them: write both, or neither.'
    : first !== clusterIP
      ? `The first of "clusterIPs" has to be "clusterIP", ${JSON.stringify(clusterIP)}, and not ${JSON.stringify(first)}.`
      : addresses.length > 2 || (first === 'None' && addresses.length > 1)
        ? '"clusterIPs" may hold one address of each family, or None alone.'
        : undefined;
  return message === undefined ? [] : [conflict('error', path, message, [removeOf(path)])];
}

function families({ ipFamilies, ipFamilyPolicy }: JsonObject): readonly FieldProblem[] {
  const written: readonly unknown[] = listAt(ipFamilies);
  if (written.length < 2) return [];
  const path = ['spec', 'ipFamilies'];
  const again = written.findIndex((one, index) => written.indexOf(one) !== index);
  if (again >= 0) {
    const at = [...path, again];
    const message = `"ipFamilies" names ${String(written[again])} twice: name each family once.`;
    return [conflict('error', at, message, [removeOf(at)])];
  }
  if (!isEmpty(ipFamilyPolicy) && ipFamilyPolicy !== 'SingleStack') return [];
  const policy = 'PreferDualStack';
  const fix: Fix = {
    title: `Use ${policy}`,
    edits: [put(['spec', 'ipFamilyPolicy'], policy, ipFamilyPolicy !== undefined)],
  };
  const message = `Addresses of two families need "ipFamilyPolicy: ${policy}", or "RequireDualStack".`;
  return [conflict('error', path, message, [fix])];
}

function selectorOfName(spec: JsonObject): readonly FieldProblem[] {
  if (!isJsonObject(spec['selector'])) return [];
  const message =
    'A Service with "type: ExternalName" leads to a name in DNS and to no pod, whatever its "selector" says: write "type: ClusterIP" for clients to reach the router.';
  const { title, edits } = useType(spec, 'ClusterIP');
  const without: readonly ValueEdit[] =
    spec['externalName'] === undefined ? [] : [{ kind: 'remove', path: ['spec', 'externalName'] }];
  return [conflict('warning', ['spec', 'type'], message, [{ title, edits: [...edits, ...without] }])];
}

/** Fields that there are with other types only. */
function misplaced(spec: JsonObject, type: ServiceType): readonly FieldProblem[] {
  const isLoadBalancer = type === 'LoadBalancer';
  const isOutside = type === 'NodePort' || isLoadBalancer;
  const reachedByIp = type === 'ClusterIP' && listAt(spec['externalIPs']).length > 0;
  const asksNodes = isLoadBalancer && spec['externalTrafficPolicy'] === 'Local';
  const rows: readonly (readonly [field: string, isRight: boolean, wish: string])[] = [
    ['externalName', type === 'ExternalName', '"type: ExternalName"'],
    ['externalTrafficPolicy', isOutside || reachedByIp, '"type: NodePort" or "LoadBalancer"'],
    ['loadBalancerSourceRanges', isLoadBalancer, '"type: LoadBalancer"'],
    ['loadBalancerClass', isLoadBalancer, '"type: LoadBalancer"'],
    ['allocateLoadBalancerNodePorts', isLoadBalancer, '"type: LoadBalancer"'],
    ['healthCheckNodePort', asksNodes, '"type: LoadBalancer" and "externalTrafficPolicy: Local"'],
  ];
  return rows.flatMap(([field, isRight, wish]): FieldProblem[] => {
    const value = spec[field];
    if (isRight || isEmpty(value) || value === 0 || (Array.isArray(value) && value.length === 0)) return [];
    const path = ['spec', field];
    const isIgnored = field === 'externalName';
    const message = isIgnored
      ? `"${field}" is only looked at with ${wish}: leave it out.`
      : `"${field}" may only be there with ${wish}: leave it out, or write that.`;
    return [conflict(isIgnored ? 'warning' : 'error', path, message, [removeOf(path)], 'key')];
  });
}

function conflict(
  severity: Severity,
  path: Path,
  message: string,
  fixes: readonly Fix[],
  at: 'key' | 'value' = 'value',
): FieldProblem {
  return { code: 'service-fields-conflict', severity, path, at, message, fixes };
}

function useType(spec: JsonObject, type: ServiceType): Fix {
  return { title: `Use type ${type}`, edits: [put(['spec', 'type'], type, spec['type'] !== undefined)] };
}

function removeOf(path: Path): Fix {
  return { title: `Remove "${String(path.at(-1))}"`, edits: [{ kind: 'remove', path }] };
}

function put(path: Path, value: string, isThere: boolean): ValueEdit {
  return { kind: isThere ? 'replace' : 'add', path, value };
}
