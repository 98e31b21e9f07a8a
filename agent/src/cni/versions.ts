/**
 * Versions of the CNI specification whose results this executable gives, oldest first. Those before 0.3.0 have
 * another shape of result.
 */
export const supportedVersions = ['0.3.0', '0.3.1', '0.4.0', '1.0.0', '1.1.0'] as const;

/** What a reply names where the configuration does not say a version that we know. */
export const latestVersion = '1.1.0';

export function isSupportedVersion(version: unknown): version is (typeof supportedVersions)[number] {
  return supportedVersions.some((supported) => supported === version);
}
