import fc from 'fast-check';
import { macvlanModes } from '#core/egress-router/wire.ts';
import { toCidr } from '#core/net/cidr.ts';
import { parseIfName } from '#core/net/ifname.ts';
import { type Ip, ipFromNumber, isIp4 } from '#core/net/ip.ts';
import { parsePort } from '#core/net/port.ts';
import { protocols } from '#core/net/protocol.ts';
import { stableMac } from '#core/net/stable-mac.ts';
import { isUnicast } from '#core/netconf/host-address.ts';
import { logLevels, type NetConf } from '#core/netconf/model.ts';

/** Any configuration that a parser may give. */
export const netConfs: fc.Arbitrary<NetConf> = fc
  .record({
    cniVersion: fc.constantFrom('0.3.1', '0.4.0', '1.0.0', '1.1.0'),
    name: fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,20}$/),
    hosts4: fc.uniqueArray(fc.integer({ min: 1, max: 254 }), { maxLength: 3 }),
    hosts6: fc.uniqueArray(fc.integer({ min: 1, max: 65535 }), { maxLength: 3 }),
    hasGateways: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
    mode: fc.constantFrom(...macvlanModes),
    master: fc.option(fc.stringMatching(/^[a-z][a-z0-9.]{0,13}[a-z0-9]$/), { nil: undefined }),
    mtu: fc.option(fc.integer({ min: 68, max: 65535 }), { nil: undefined }),
    macName: fc.option(fc.string(), { nil: undefined }),
    timeoutMs: fc.oneof(fc.constant(100), fc.integer({ min: 0, max: 10_000 })),
    rules: fc.uniqueArray(ruleValues(), {
      maxLength: 12,
      selector: (rule) => `${isIp4(rule.destination)} ${rule.protocol} ${rule.port}`,
    }),
    fallback4: fc.option(addresses4(), { nil: undefined }),
    fallback6: fc.option(addresses6(), { nil: undefined }),
    localPorts: fc.uniqueArray(fc.record({ port: ports(), protocol: fc.constantFrom(...protocols) }), {
      maxLength: 3,
      selector: ({ port, protocol }) => `${port} ${protocol}`,
    }),
    logFile: fc.option(fc.stringMatching(/^\/(tmp|var\/log)\/[a-z0-9/ ]{0,20}[a-z]$/), { nil: undefined }),
    logLevel: fc.option(fc.constantFrom(...logLevels), { nil: undefined }),
  })
  .filter(({ hosts4, hosts6 }) => hosts4.length + hosts6.length > 0)
  .map(toConf);

type Seeds = Parameters<typeof toConf>[0];

function toConf(seeds: {
  readonly cniVersion: string;
  readonly name: string;
  readonly hosts4: readonly number[];
  readonly hosts6: readonly number[];
  readonly hasGateways: readonly boolean[];
  readonly mode: NetConf['macvlan']['mode'];
  readonly master: string | undefined;
  readonly mtu: number | undefined;
  readonly macName: string | undefined;
  readonly timeoutMs: number;
  readonly rules: NetConf['rules'];
  readonly fallback4: Ip | undefined;
  readonly fallback6: Ip | undefined;
  readonly localPorts: NetConf['localPorts'];
  readonly logFile: string | undefined;
  readonly logLevel: NetConf['logLevel'] | undefined;
}): NetConf {
  const { cniVersion, name, hosts4, hosts6, mode, mtu, localPorts, logFile, logLevel } = seeds;
  const { macName, timeoutMs } = seeds;
  const master = parseIfName(seeds.master);
  const { fallback4: v4, fallback6: v6 } = seeds;
  const serves = (ip: Ip): boolean => (isIp4(ip) ? hosts4.length > 0 : hosts6.length > 0);
  const rules = seeds.rules.filter((rule) => serves(rule.destination));
  return {
    cniVersion,
    name,
    addresses: toAddresses(seeds),
    macvlan: { mode, ...(master === undefined ? {} : { master }), ...(mtu === undefined ? {} : { mtu }) },
    ...(macName === undefined || mode === 'Passthru' ? {} : { mac: stableMac(macName) }),
    dad: { timeoutMs },
    rules,
    fallbacks: {
      ...(v4 !== undefined && isIp4(v4) && serves(v4) ? { v4 } : {}),
      ...(v6 !== undefined && !isIp4(v6) && serves(v6) ? { v6 } : {}),
    },
    localPorts: localPorts.filter((own) => !rules.some((rule) => isSamePort(own, rule))),
    ...(logFile === undefined ? {} : { logFile }),
    ...(logLevel === undefined ? {} : { logLevel }),
  };
}

function isSamePort(one: PortAndProtocol, other: PortAndProtocol): boolean {
  return one.port === other.port && one.protocol === other.protocol;
}

type PortAndProtocol = NetConf['localPorts'][number];

/** The gateways are outside of the hosts' range, so that none is the router's own address. */
function toAddresses({ hosts4, hosts6, hasGateways }: Pick<Seeds, 'hosts4' | 'hosts6' | 'hasGateways'>) {
  const entry = (network: bigint, host: number, family: 4 | 6, hasGateway = false) => {
    const address = toCidr(ipFromNumber(network + BigInt(host), family), family === 4 ? 23 : 64);
    const gateway = ipFromNumber(network + (family === 4 ? 300n : 70000n), family);
    return hasGateway ? { address, gateway } : { address };
  };
  return [
    ...hosts4.map((host, index) => entry(0xc0a80c00n, host, 4, hasGateways[index])),
    ...hosts6.map((host, index) => entry(0xfd12n << 112n, host, 6, hasGateways[index + 3])),
  ];
}

function ruleValues() {
  const destination = fc.oneof(addresses4(), addresses6());
  return fc.record({
    port: ports(),
    protocol: fc.constantFrom(...protocols),
    destination,
    targetPort: ports(),
  });
}

function ports() {
  return fc.integer({ min: 1, max: 65535 }).map((number) => {
    const port = parsePort(number);
    if (port === undefined) throw new RangeError(`${number}`);
    return port;
  });
}

function addresses4() {
  return fc
    .bigInt({ min: 0x01000000n, max: 0xdfffffffn })
    .map((value) => ipFromNumber(value, 4))
    .filter(isUnicast);
}

function addresses6() {
  return fc
    .bigInt({ min: 1n << 120n, max: (0xffn << 120n) - 1n })
    .map((value) => ipFromNumber(value, 6))
    .filter(isUnicast);
}
