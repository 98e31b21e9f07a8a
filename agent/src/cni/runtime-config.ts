import { type Cidr, containsIp, ipOf, parseCidr, prefixLengthOf } from '#core/net/cidr.ts';
import { type Ip, parseIp } from '#core/net/ip.ts';
import { parseNetConf } from '#core/netconf/parse.ts';
import { type Fields, isFields } from './invocation.ts';
import type { Platform } from './platform.ts';

/**
 * The configuration with what the runtime says about this one pod, by the conventions of CNI: `runtimeConfig`,
 * which holds what the configuration's `capabilities` ask for, then `args.cni`, then CNI_ARGS. It takes the place
 * of what the configuration says, and is read by the same parser.
 */
export function withRuntimeConfig(platform: Pick<Platform, 'env'>, config: Fields): Fields {
  const runtime = fieldsAt(config, 'runtimeConfig');
  const args = fieldsAt(fieldsAt(config, 'args'), 'cni');
  const mac = [runtime['mac'], args['mac'], readArgs(platform.env('CNI_ARGS') ?? '').get('MAC')].find(
    isGiven,
  );
  const ips = [runtime['ips'], args['ips']].find(isGiven);
  return {
    ...config,
    ...(mac === undefined ? {} : { mac }),
    ...(ips === undefined ? {} : { ip: withAddresses(config, ips) }),
  };
}

/** An address without a prefix gets that of the configured network that it is in; so does each its gateway. */
function withAddresses(config: Fields, ips: unknown): Fields {
  const ip = fieldsAt(config, 'ip');
  const { conf } = parseNetConf(config);
  // What is wrong with it is for the parser to tell.
  if (conf === undefined || !Array.isArray(ips)) return { ...ip, addresses: ips };
  const networks = conf.addresses;
  const addresses = ips.map((text: unknown) => {
    const bare = parseIp(String(text));
    const network = networks.find(({ address }) => bare !== undefined && containsIp(address, bare));
    return bare === undefined || network === undefined ? text : `${bare}/${prefixLengthOf(network.address)}`;
  });
  const gateways = addresses.map((text: unknown) => gatewayOf(parseCidr(String(text)), networks) ?? '');
  return { ...ip, addresses, gateway: gateways.length === 1 ? gateways[0] : gateways };
}

function gatewayOf(
  address: Cidr | undefined,
  networks: readonly { readonly gateway?: Ip }[],
): Ip | undefined {
  if (address === undefined) return undefined;
  return networks
    .flatMap(({ gateway }) => (gateway === undefined ? [] : [gateway]))
    .find((gateway) => containsIp(address, gateway) && gateway !== ipOf(address));
}

/** `IgnoreUnknown=1;MAC=02:42:c0:a8:0c:63` */
function readArgs(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(';').flatMap((pair) => {
      const at = pair.indexOf('=');
      return at < 0 ? [] : [[pair.slice(0, at), pair.slice(at + 1)] as const];
    }),
  );
}

function fieldsAt(fields: Fields, key: string): Fields {
  const value = fields[key];
  return isFields(value) ? value : {};
}

function isGiven(value: unknown): boolean {
  return (
    value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0)
  );
}
