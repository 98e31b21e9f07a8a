import { type NetConfProblemCode, netConfProblemCodes } from '#core/netconf/model.ts';
import type { UnknownKeyCode } from '#core/netconf/unknown-keys.ts';

/** What the plugin of the platform makes of a configuration, other than this project's. */
const nadPlatformProblemCodes = [
  'netconf-fallback-ignored',
  'netconf-address-ignored',
  'netconf-key-ignored',
  'netconf-ipv6-unsupported',
  'netconf-cni-version-unserved',
  'netconf-gateway-needed',
  'netconf-rule-shadowed',
  'netconf-spelling-unread',
] as const;

export const nadProblemCodes = [
  'nad-config-not-json',
  'nad-config-not-text',
  'nad-type-wrong',
  'netconf-unknown-key',
  ...nadPlatformProblemCodes,
  ...netConfProblemCodes,
] as const;

export type NadProblemCode =
  | 'nad-config-not-json'
  | 'nad-config-not-text'
  | 'nad-type-wrong'
  | (typeof nadPlatformProblemCodes)[number]
  | UnknownKeyCode
  | NetConfProblemCode;
