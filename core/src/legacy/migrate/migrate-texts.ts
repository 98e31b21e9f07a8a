import { parametersIn } from '../parameters.ts';
import type { LegacyContainer, LegacyReading } from '../parse.ts';
import { isFilledIn, type Setting } from '../setting.ts';
import { mayShareNamespace, type Surroundings } from './surroundings.ts';

export type Texts =
  | {
      readonly kind: 'read';
      readonly source: string;
      readonly gateway: string;
      readonly destination: string;
    }
  | { readonly kind: 'refused'; readonly reasons: readonly string[] };

export type Found =
  | { readonly text: string; readonly reason?: never }
  | { readonly text?: never; readonly reason: string };

/** The three variables, from wherever they are written. */
export function readTexts(
  reading: LegacyReading,
  router: LegacyContainer,
  surroundings: Surroundings,
): Texts {
  const reasons: string[] = [];
  const read = (variable: string, setting: Setting): string => {
    const found = textOf(variable, setting, reading, surroundings);
    if (found.text === undefined) reasons.push(found.reason);
    return found.text ?? '';
  };
  const source = read('EGRESS_SOURCE', router.source);
  const gateway = read('EGRESS_GATEWAY', router.gateway);
  const destination = read('EGRESS_DESTINATION', router.destination);
  const annotation = reading.annotation.value;
  if (typeof annotation === 'string' && isFilledIn(annotation)) {
    reasons.push(unfilled('The annotation', annotation));
  }
  return reasons.length > 0 ? { kind: 'refused', reasons } : { kind: 'read', source, gateway, destination };
}

function textOf(
  variable: string,
  setting: Setting,
  reading: LegacyReading,
  { configMaps }: Surroundings,
): Found {
  switch (setting.kind) {
    case 'absent':
      return { reason: `It has no ${variable}.` };
    case 'not-text':
      return { reason: `The value of ${variable} is no text.` };
    case 'elsewhere':
      return {
        reason: `${variable} comes from ${setting.source}, which the manifest does not tell: write its value into the pod first.`,
      };
    case 'text': {
      // Lines with parameters are told one by one.
      const isUnknown = variable !== 'EGRESS_DESTINATION' && isFilledIn(setting.text);
      return isUnknown ? { reason: unfilled(variable, setting.text) } : { text: setting.text };
    }
    case 'config-map': {
      const { name, key } = setting.reference;
      const found = configMaps.filter((one) => one.name === name && mayShareNamespace(one, reading));
      const configMap = found.find(({ namespace }) => namespace === reading.namespace) ?? found[0];
      if (configMap === undefined) {
        return { reason: `${variable} comes from ConfigMap "${name}", which was not found: add its file.` };
      }
      const text = Object.hasOwn(configMap.data, key) ? configMap.data[key] : undefined;
      if (text !== undefined) return { text };
      const keys = Object.keys(configMap.data).map((one) => `"${one}"`);
      return {
        reason: `${variable} comes from key "${key}" of ConfigMap "${name}", which has ${keys.length === 0 ? 'no keys' : `only ${keys.join(', ')}`}.`,
      };
    }
  }
}

/** Why a text cannot be taken as it stands. */
export function unfilled(what: string, text: string): string {
  const names = parametersIn(text).map((name) => `"${name}"`);
  return `${what} holds ${names.join(', ')}, which something fills in later: fill it in first, a Template with "oc process".`;
}
