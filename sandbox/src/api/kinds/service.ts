import { type Cidr, containsIp, firstIp, hasBroadcast, lastIp, parseCidr } from '#core/net/cidr.ts';
import { familyOf, type Ip, ipFromNumber, ipToNumber, isIp4, parseIp } from '#core/net/ip.ts';
import { type JsonObject, jsonEqual } from '#core/schema/json-schema.ts';
import { type FieldError, forbiddenField, invalid, invalidObject, required } from '../field-error.ts';
import { nameOf, objectAt, objectsAt, stringsAt, textAt, withDefaults } from '../json.ts';
import type { Behavior, ServiceNetworks, World } from '../resource.ts';
import { duplicates } from './duplicates.ts';
import { oneOf } from './pod.ts';

export const serviceBehavior: Behavior = {
  bumpsGeneration: false,
  returnsDeleted: true,
  setDefaults(service) {
    return { ...service, spec: withSpecDefaults(objectAt(service, 'spec')) };
  },
  onCreate(service, world) {
    return { ...service, spec: allocate(service, world), status: { loadBalancer: {} } };
  },
  onUpdate(service, before, world) {
    const spec = objectAt(service, 'spec');
    if (spec['type'] === 'ExternalName') return service;
    // A client that sends no address means the one the Service has.
    const kept = withDefaults(spec, {
      clusterIP: objectAt(before, 'spec')['clusterIP'],
      clusterIPs: objectAt(before, 'spec')['clusterIPs'],
      ipFamilies: objectAt(before, 'spec')['ipFamilies'],
      ipFamilyPolicy: objectAt(before, 'spec')['ipFamilyPolicy'],
    });
    const isMoved =
      kept['clusterIP'] !== objectAt(before, 'spec')['clusterIP'] &&
      jsonEqual(kept['clusterIPs'], objectAt(before, 'spec')['clusterIPs']);
    const asked = isMoved ? { ...kept, clusterIPs: [kept['clusterIP']] } : kept;
    refuseRelease(service, asked, before);
    return { ...service, spec: allocate({ ...service, spec: withOneFamily(asked, before) }, world) };
  },
  validate(service, before) {
    return [...validateSpec(objectAt(service, 'spec')), ...validateAddress(service, before)];
  },
  selectable: (service) => ({
    'spec.clusterIP': textAt(service, 'spec', 'clusterIP') ?? '',
    'spec.type': textAt(service, 'spec', 'type') ?? '',
  }),
};

function withSpecDefaults(spec: JsonObject): JsonObject {
  const type = textAt(spec, 'type') ?? 'ClusterIP';
  const ports = objectsAt(spec, 'ports').map((port) =>
    withDefaults(port, { protocol: 'TCP', targetPort: port['port'] }),
  );
  const isExternal = type === 'ExternalName';
  const isOpen = type === 'NodePort' || type === 'LoadBalancer';
  return withDefaults(
    { ...spec, ...(spec['ports'] === undefined ? {} : { ports }) },
    {
      type,
      sessionAffinity: 'None',
      ...(isExternal ? {} : { internalTrafficPolicy: 'Cluster' }),
      ...(isOpen ? { externalTrafficPolicy: 'Cluster' } : {}),
      ...(type === 'LoadBalancer' ? { allocateLoadBalancerNodePorts: true } : {}),
      ...(spec['sessionAffinity'] === 'ClientIP'
        ? { sessionAffinityConfig: { clientIP: { timeoutSeconds: 10800 } } }
        : {}),
    },
  );
}

/** The spec with its cluster IPs, families and node ports. */
function allocate(service: JsonObject, world: World): JsonObject {
  const spec = objectAt(service, 'spec');
  if (spec['type'] === 'ExternalName') return spec;
  const families = familiesOf(spec, world.serviceNetworks);
  refuseMissing(service, families, world.serviceNetworks);
  const wished = stringsAt(spec, 'clusterIPs')[0] ?? textAt(spec, 'clusterIP') ?? '';
  const addressed = { ...spec, ipFamilies: families.map((family) => `IPv${family}`) };
  const policy = textAt(spec, 'ipFamilyPolicy') ?? (families.length > 1 ? 'RequireDualStack' : 'SingleStack');
  if (wished === 'None') {
    const headless = { ...addressed, clusterIP: 'None', clusterIPs: ['None'], ipFamilyPolicy: policy };
    const isFree = spec['ipFamilies'] === undefined && spec['ipFamilyPolicy'] === undefined;
    if (!isFree || Object.keys(objectAt(spec, 'selector')).length > 0) return headless;
    // Whoever makes the endpoints decides on their families.
    return { ...headless, ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'RequireDualStack' };
  }
  const taken = takenBy(world, nameOf(service), textAt(service, 'metadata', 'namespace') ?? '');
  const wishes = [wished, ...stringsAt(spec, 'clusterIPs').slice(1)];
  const ips = families.map((family, index) => {
    const network = parseCidr(networkOf(family, world.serviceNetworks) ?? '');
    if (network === undefined) throw new RangeError('The service network is no CIDR');
    const wish = wishes[index] ?? '';
    return wish === '' ? freeIp(network, taken) : claimedIp(service, wish, network, taken);
  });
  return {
    ...addressed,
    clusterIP: ips[0],
    clusterIPs: ips,
    ipFamilyPolicy: policy,
    ...(spec['type'] === 'ClusterIP' ? {} : { ports: withNodePorts(objectsAt(spec, 'ports'), world) }),
  };
}

function networkOf(family: 4 | 6, networks: ServiceNetworks): string | undefined {
  return family === 6 ? networks.ip6 : networks.ip4;
}

function refuseMissing(service: JsonObject, families: readonly (4 | 6)[], networks: ServiceNetworks): void {
  const errors = families.flatMap((family, index) =>
    networkOf(family, networks) === undefined
      ? [invalid(`spec.ipFamilies[${index}]`, `IPv${family}`, 'not configured on this cluster')]
      : [],
  );
  if (errors.length > 0) throw invalidObject({ group: '', kind: 'Service' }, nameOf(service), errors);
}

/** The second family is given back by the policy only. */
function refuseRelease(service: JsonObject, spec: JsonObject, before: JsonObject): void {
  const [had, has] = [stringsAt(before, 'spec', 'ipFamilies'), stringsAt(spec, 'ipFamilies')];
  if (had.length < 2 || has.length > 1 || spec['ipFamilyPolicy'] === 'SingleStack') return;
  const detail = "must be 'SingleStack' to release the secondary IP family";
  const error = invalid('spec.ipFamilyPolicy', textAt(spec, 'ipFamilyPolicy') ?? '', detail);
  throw invalidObject({ group: '', kind: 'Service' }, nameOf(service), [error]);
}

/** The policy alone is enough to give the second family back. */
function withOneFamily(spec: JsonObject, before: JsonObject): JsonObject {
  const families = stringsAt(before, 'spec', 'ipFamilies');
  const isSame = jsonEqual(spec['ipFamilies'], families);
  return spec['ipFamilyPolicy'] === 'SingleStack' && isSame
    ? { ...spec, ipFamilies: families.slice(0, 1) }
    : spec;
}

function familiesOf(spec: JsonObject, networks: ServiceNetworks): readonly (4 | 6)[] {
  const asked = stringsAt(spec, 'ipFamilies').map((family) => (family === 'IPv6' ? 6 : 4));
  const addresses = stringsAt(spec, 'clusterIPs').flatMap((text) => parseIp(text) ?? []);
  const found = asked.length > 0 ? asked : addresses.map(familyOf);
  const first = found[0] ?? familyOfText(textAt(spec, 'clusterIP')) ?? networks.first ?? 4;
  const policy = textAt(spec, 'ipFamilyPolicy');
  const isPreferred = policy === 'PreferDualStack' && networks.ip6 !== undefined;
  const isDual = isPreferred || policy === 'RequireDualStack';
  const second = found[1] ?? (isDual ? (first === 4 ? 6 : 4) : undefined);
  return second === undefined ? [first] : [first, second];
}

function familyOfText(text: string | undefined): 4 | 6 | undefined {
  const ip = parseIp(text ?? '');
  return ip === undefined ? undefined : familyOf(ip);
}

function takenBy({ store }: World, name: string, namespace: string): ReadonlySet<string> {
  const others = store
    .list('services')
    .filter((one) => nameOf(one) !== name || textAt(one, 'metadata', 'namespace') !== namespace);
  return new Set(others.flatMap((one) => stringsAt(one, 'spec', 'clusterIPs')));
}

/** The lower part of the range is left for addresses that people choose, as kube-apiserver leaves it. */
function freeIp(network: Cidr, taken: ReadonlySet<string>): Ip {
  const first = ipToNumber(firstIp(network));
  const last = ipToNumber(lastIp(network)) - (hasBroadcast(network) ? 1n : 0n);
  const family = familyOf(firstIp(network));
  const size = last - first;
  const sixteenth = size / 16n;
  const reserved = sixteenth < 256n ? sixteenth : 256n;
  for (let value = first + 1n + reserved; value <= last; value += 1n) {
    const ip = ipFromNumber(value, family);
    if (!taken.has(ip)) return ip;
  }
  throw new RangeError('The service network has no free address');
}

function claimedIp(service: JsonObject, text: string, network: Cidr, taken: ReadonlySet<string>): string {
  const ip = parseIp(text);
  const refuse = (detail: string): Error =>
    invalidObject({ group: '', kind: 'Service' }, nameOf(service), [
      invalid('spec.clusterIPs', [text], detail),
    ]);
  if (ip === undefined) throw refuse(`failed to allocate IP ${text}: invalid IP address`);
  if (!containsIp(network, ip)) {
    throw refuse(`failed to allocate IP ${text}: the provided network does not match the current range`);
  }
  if (taken.has(ip)) throw refuse(`failed to allocate IP ${text}: provided IP is already allocated`);
  return ip;
}

function withNodePorts(ports: readonly JsonObject[], { store }: World): readonly JsonObject[] {
  const taken = new Set(
    store.list('services').flatMap((one) => objectsAt(one, 'spec', 'ports').map((port) => port['nodePort'])),
  );
  return ports.map((port) => {
    if (typeof port['nodePort'] === 'number' && port['nodePort'] !== 0) return port;
    let nodePort = 30000;
    while (taken.has(nodePort)) nodePort += 1;
    taken.add(nodePort);
    return { ...port, nodePort };
  });
}

function validateSpec(spec: JsonObject): readonly FieldError[] {
  const ports = objectsAt(spec, 'ports');
  const isHeadless = textAt(spec, 'clusterIP') === 'None';
  const needsPorts = spec['type'] !== 'ExternalName' && !isHeadless;
  const seen = new Set<string>();
  return [
    ...(needsPorts && ports.length === 0 ? [required('spec.ports')] : []),
    ...(spec['type'] === 'ExternalName' && (textAt(spec, 'externalName') ?? '') === ''
      ? [required('spec.externalName')]
      : []),
    ...ports.flatMap((port, index) => validatePort(port, `spec.ports[${index}]`, ports.length > 1)),
    ...duplicates(ports, 'name', 'spec.ports'),
    ...ports.flatMap((port, index) => {
      const key = `${String(port['protocol'])}/${String(port['port'])}`;
      const isRepeated = seen.has(key);
      seen.add(key);
      // Kubernetes shows its own type here, whatever the JSON was.
      const { protocol: Protocol, port: Port } = port;
      const value = { Name: '', Protocol, AppProtocol: null, Port, TargetPort: 0, NodePort: 0 };
      const message = `Duplicate value: ${JSON.stringify(value)}`;
      return isRepeated
        ? [{ reason: 'FieldValueDuplicate' as const, field: `spec.ports[${index}]`, message }]
        : [];
    }),
    ...oneOf(spec, 'sessionAffinity', ['ClientIP', 'None'], 'spec'),
    ...oneOf(spec, 'type', ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'], 'spec'),
  ];
}

function validatePort(port: JsonObject, at: string, needsName: boolean): readonly FieldError[] {
  const number = port['port'];
  const target = port['targetPort'];
  const isPort = (value: unknown): boolean => typeof value === 'number' && value >= 1 && value <= 65535;
  return [
    ...(needsName && (textAt(port, 'name') ?? '') === '' ? [required(`${at}.name`)] : []),
    ...(isPort(number) ? [] : [invalid(`${at}.port`, number ?? 0, 'must be between 1 and 65535, inclusive')]),
    ...oneOf(port, 'protocol', ['SCTP', 'TCP', 'UDP'], at),
    ...(typeof target === 'number' && !isPort(target)
      ? [invalid(`${at}.targetPort`, target, 'must be between 1 and 65535, inclusive')]
      : []),
  ];
}

function validateAddress(service: JsonObject, before: JsonObject | undefined): readonly FieldError[] {
  const old = textAt(before, 'spec', 'clusterIP') ?? '';
  const now = textAt(service, 'spec', 'clusterIP') ?? '';
  const isFixed = before !== undefined && old !== '' && textAt(service, 'spec', 'type') !== 'ExternalName';
  if (isFixed && old !== now) {
    return [invalid('spec.clusterIPs[0]', [now], 'may not change once set')];
  }
  const ip = parseIp(now);
  const family = stringsAt(service, 'spec', 'ipFamilies')[0];
  if (ip !== undefined && family !== undefined && isIp4(ip) !== (family === 'IPv4')) {
    return [
      forbiddenField('spec.clusterIPs[0]', `expected an ${family} value as indicated by \`ipFamilies[0]\``),
    ];
  }
  return [];
}
