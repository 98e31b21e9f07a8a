import { type IfName, parseIfName } from '#core/net/ifname.ts';
import type { NetConf } from '#core/netconf/model.ts';
import type { ParsedNetConf } from '#core/netconf/parse.ts';
import { CniFailure } from './failure.ts';
import type { Platform } from './platform.ts';
import { isSupportedVersion, supportedVersions } from './versions.ts';

/** The path of a network namespace, absolute and printable. */
export type NetnsPath = string & { readonly __brand: 'NetnsPath' };

/** What the runtime says through the environment about the container (SPEC §2, "Parameters"). */
export interface Target {
  readonly containerId: string;
  readonly netns: NetnsPath;
  readonly ifName: IfName;
}

/** @throws CniFailure naming every variable that is missing or wrong. */
export function parseTarget(platform: Platform): Target {
  const { containerId, ifName } = parseContainer(platform);
  const netns = parseNetnsPath(platform.env('CNI_NETNS'));
  if (netns !== undefined) return { containerId, ifName, netns };
  throw new CniFailure('invalid-environment', 'CNI_NETNS is missing or is not an absolute path');
}

/** As `parseTarget`, for DEL, which may come after the namespace has gone. */
export function parseContainer(platform: Platform): Omit<Target, 'netns'> {
  const containerId = platform.env('CNI_CONTAINERID') ?? '';
  const ifName = parseIfName(platform.env('CNI_IFNAME') ?? '');
  const faults: string[] = [];
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(containerId)) faults.push('CNI_CONTAINERID');
  // These two are folders of sysctls, not interfaces.
  if (ifName === undefined || ifName === 'all' || ifName === 'default') faults.push('CNI_IFNAME');
  if (faults.length > 0 || ifName === undefined) {
    throw new CniFailure(
      'invalid-environment',
      `missing or invalid in the environment: ${faults.join(', ')}`,
    );
  }
  return { containerId, ifName };
}

export function parseNetnsPath(path: string | undefined): NetnsPath | undefined {
  return path !== undefined && /^\/[\x21-\x7e]{1,4095}$/.test(path) ? (path as NetnsPath) : undefined;
}

export type Fields = { readonly [field: string]: unknown };

/** @throws CniFailure when standard input is not a JSON object. */
export function decodeConfig(text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new CniFailure(
      'not-decoded',
      'the network configuration on standard input is not JSON',
      String(error),
    );
  }
  if (isFields(value)) return value;
  throw new CniFailure('not-decoded', 'the network configuration on standard input is not a JSON object');
}

/** @throws CniFailure unless the configuration is of a version that we give results for. */
export function checkVersion(config: Fields): string {
  const version = config['cniVersion'] ?? '0.1.0';
  if (isSupportedVersion(version)) return version;
  throw new CniFailure(
    'incompatible-version',
    `cniVersion ${JSON.stringify(version)} is not supported; this plugin supports ${supportedVersions.join(', ')}`,
  );
}

/** @throws CniFailure with the first problem as its message and the others as its details. */
export function checkNetConf({ conf, problems }: ParsedNetConf): NetConf {
  if (conf !== undefined) return conf;
  const errors = problems.filter((problem) => problem.severity === 'error');
  const [first, ...others] = errors;
  throw new CniFailure(
    first?.code === 'netconf-interface-unsupported' ? 'unsupported-field' : 'invalid-config',
    first?.message ?? 'the network configuration is not valid',
    others.map((problem) => problem.message).join(' '),
  );
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
