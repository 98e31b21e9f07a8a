import { isJsonObject } from '#core/schema/json-schema.ts';
import type { ConfigMapFacts } from './facts.ts';
import { readObjectName } from './object-name.ts';

/** @returns undefined for a value that is no ConfigMap */
export function readConfigMap(value: unknown): ConfigMapFacts | undefined {
  if (!isJsonObject(value) || value['kind'] !== 'ConfigMap' || value['apiVersion'] !== 'v1') return undefined;
  const { data, binaryData } = value;
  const keys = [data, binaryData].flatMap((part) => (isJsonObject(part) ? Object.keys(part) : []));
  const texts = Object.entries(isJsonObject(data) ? data : {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return { kind: 'configMap', ...readObjectName(value), keys, texts: Object.fromEntries(texts) };
}
