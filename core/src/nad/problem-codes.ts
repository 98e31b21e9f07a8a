import { type NetConfProblemCode, netConfProblemCodes } from '#core/netconf/model.ts';
import type { UnknownKeyCode } from '#core/netconf/unknown-keys.ts';

export const nadProblemCodes = [
  'nad-config-not-json',
  'nad-config-not-text',
  'nad-type-wrong',
  'netconf-unknown-key',
  'netconf-fallback-ignored',
  ...netConfProblemCodes,
] as const;

export type NadProblemCode =
  | 'nad-config-not-json'
  | 'nad-config-not-text'
  | 'nad-type-wrong'
  | 'netconf-fallback-ignored'
  | UnknownKeyCode
  | NetConfProblemCode;
