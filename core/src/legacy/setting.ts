import type { Path } from '#core/problem.ts';
import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';
import { listAt, objectAt, wordAt } from './fields.ts';

/** An environment variable of a container, as far as its manifest tells. */
export type Setting =
  | { readonly kind: 'absent' }
  /** `path` names the value, or the entry that has none. */
  | { readonly kind: 'text'; readonly text: string; readonly path: Path }
  /** The API refuses what is not a string. */
  | { readonly kind: 'not-text'; readonly value: unknown; readonly path: Path }
  | { readonly kind: 'config-map'; readonly reference: ConfigMapReference }
  /** It comes from where the manifest cannot tell, said in `source`. */
  | {
      readonly kind: 'elsewhere';
      readonly source: string;
      readonly path: Path;
      /** The ConfigMaps that may have it, where they are named. */
      readonly references?: readonly ConfigMapReference[];
    };

export interface ConfigMapReference {
  readonly name: string;
  readonly key: string;
  /** The `configMapKeyRef`, or the `configMapRef` of an `envFrom`. */
  readonly path: Path;
  /** All keys are taken over: that this one is among them is not said. */
  readonly isWhole?: true;
}

/** @param path the container's */
export function readSetting(container: JsonObject, path: Path, name: string): Setting {
  const entries = listAt(container['env']);
  // Of two with one name, the last one holds.
  const index = entries.findLastIndex((entry) => objectAt(entry)['name'] === name);
  const entry = entries[index];
  if (isJsonObject(entry)) return readEntry(entry, [...path, 'env', index]);
  return readEnvFrom(container, path, name) ?? { kind: 'absent' };
}

/** False also where the variable may come with all the keys of a ConfigMap or Secret. */
export function isNamed(setting: Setting): boolean {
  switch (setting.kind) {
    case 'absent':
      return false;
    case 'text':
    case 'not-text':
      return true;
    case 'config-map':
      return setting.reference.isWhole === undefined;
    case 'elsewhere':
      return setting.path.includes('valueFrom');
  }
}

/**
 * Whether a text holds what is filled in later: a parameter of a Template (`${NAME}`), or another variable, which
 * Kubernetes writes `$(NAME)`.
 */
export function isFilledIn(text: string): boolean {
  return /\$\{[^}]*\}|\$\([^)]*\)/.test(text);
}

/**
 * Whether a text is nothing but a variable without braces (`$NAME`), which envsubst fills in too. A container is
 * not given it so: in the settings of a router of OpenShift SDN such a text is only what it says.
 */
export function isBareVariable(text: string): boolean {
  return /^\$[A-Z_][A-Z0-9_]*$/.test(text);
}

function readEntry(entry: JsonObject, path: Path): Setting {
  const { value, valueFrom } = entry;
  const source = objectAt(valueFrom);
  const reference = source['configMapKeyRef'];
  if (isJsonObject(reference)) {
    const [name, key] = [wordAt(reference['name']), wordAt(reference['key'])];
    const at = [...path, 'valueFrom', 'configMapKeyRef'];
    if (name === undefined || key === undefined || isFilledIn(name) || isFilledIn(key)) {
      return { kind: 'elsewhere', source: 'a ConfigMap that is not named', path: at };
    }
    return { kind: 'config-map', reference: { name, key, path: at } };
  }
  if (isJsonObject(valueFrom)) {
    const [kind = 'an unknown source'] = Object.keys(valueFrom);
    return { kind: 'elsewhere', source: `"${kind}"`, path: [...path, 'valueFrom'] };
  }
  if (value === undefined) return { kind: 'text', text: '', path };
  const at = [...path, 'value'];
  if (value === null) return { kind: 'text', text: '', path: at };
  return typeof value === 'string'
    ? { kind: 'text', text: value, path: at }
    : { kind: 'not-text', value, path: at };
}

function readEnvFrom(container: JsonObject, path: Path, name: string): Setting | undefined {
  const sources = listAt(container['envFrom']).flatMap((entry, index): Setting[] => {
    const source = objectAt(entry);
    const prefix = wordAt(source['prefix']) ?? '';
    if (!name.startsWith(prefix)) return [];
    const at = [...path, 'envFrom', index];
    const configMap = wordAt(objectAt(source['configMapRef'])['name']);
    if (configMap === undefined || isFilledIn(configMap)) {
      return [{ kind: 'elsewhere', source: '"envFrom"', path: at }];
    }
    const key = name.slice(prefix.length);
    const reference = { name: configMap, key, path: [...at, 'configMapRef'], isWhole: true } as const;
    return [{ kind: 'config-map', reference }];
  });
  if (sources.length <= 1) return sources[0];
  // Which of several has it, their keys would tell.
  const references = sources.flatMap((one) => (one.kind === 'config-map' ? [one.reference] : []));
  return { kind: 'elsewhere', source: '"envFrom"', path: [...path, 'envFrom'], references };
}
