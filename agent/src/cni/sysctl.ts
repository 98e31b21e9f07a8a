import { CniFailure } from './failure.ts';
import type { Platform } from './platform.ts';
import type { PodProcess } from './pod-process.ts';

/** The file of a setting of the network namespace that this process is in. */
export function sysctlPath(key: string): string {
  return `/proc/sys/net/${key}`;
}

/** @returns undefined where the kernel does not have it, or it is no number */
export function readSysctl(platform: Platform, key: string): number | undefined {
  const text = platform.readFile(sysctlPath(key))?.trim();
  return text !== undefined && /^-?[0-9]+$/.test(text) ? Number(text) : undefined;
}

export function writeSysctl(pod: Pick<PodProcess, 'platform' | 'log'>, key: string, value: number): void {
  // Without a line end: of one after it, Linux 6.1 says for some settings of IPv6 that it was not written.
  const fault = pod.platform.writeFile(sysctlPath(key), String(value));
  pod.log.write('debug', `${key} = ${value}: ${fault ?? 'done'}`);
  if (fault !== undefined) throw new CniFailure('step-failed', `cannot set ${key} to ${value}: ${fault}`);
}
