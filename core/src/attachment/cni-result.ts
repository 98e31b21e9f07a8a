import { familyOfCidr } from '#core/net/cidr.ts';
import type { Mac } from '#core/net/mac.ts';
import type { AttachmentPlan } from './plan.ts';

export interface CniResult {
  readonly cniVersion: string;
  readonly interfaces: readonly CniInterface[];
  readonly ips: readonly CniIp[];
  readonly routes?: readonly unknown[];
  readonly dns?: unknown;
}

interface CniInterface {
  readonly name: string;
  readonly mac?: string;
  readonly mtu?: number;
  readonly sandbox?: string;
}

interface CniIp {
  readonly version?: '4' | '6';
  readonly interface?: number;
  readonly address: string;
  readonly gateway?: string;
}

/**
 * The result of ADD in the shape of `cniVersion` (0.3.0 or later). What an earlier plugin of a chain made
 * stands before it (SPEC §2: prevResult is passed on).
 */
export function toCniResult(
  cniVersion: string,
  plan: AttachmentPlan,
  link: { readonly mac?: Mac; readonly mtu: number },
  sandbox: string,
  previous?: Omit<CniResult, 'cniVersion'>,
): CniResult {
  const isBefore = (version: string): boolean => compareVersions(cniVersion, version) < 0;
  const interfaces = previous?.interfaces ?? [];
  return {
    cniVersion,
    interfaces: [
      ...interfaces,
      {
        name: plan.ifName,
        ...(link.mac === undefined ? {} : { mac: link.mac }),
        ...(isBefore('1.1.0') ? {} : { mtu: link.mtu }),
        sandbox,
      },
    ],
    ips: [
      ...(previous?.ips ?? []),
      ...plan.addresses.map(
        ({ address, gateway }): CniIp => ({
          ...(isBefore('1.0.0') ? { version: familyOfCidr(address) === 4 ? '4' : '6' } : {}),
          interface: interfaces.length,
          address,
          ...(gateway === undefined ? {} : { gateway }),
        }),
      ),
    ],
    ...(previous?.routes === undefined ? {} : { routes: previous.routes }),
    dns: previous?.dns ?? {},
  };
}

/** Negative where `one` is the earlier version; both must be three numbers with dots between them. */
export function compareVersions(one: string, other: string): number {
  const numbers = [one, other].map((version) => version.split('.').map(Number));
  const [left = [], right = []] = numbers;
  const index = left.findIndex((number, position) => number !== right[position]);
  return index < 0 ? 0 : (left[index] ?? 0) - (right[index] ?? 0);
}
