import { isJsonObject, jsonEqual } from '#core/schema/json-schema.ts';

/**
 * The values at a JSONPath of the kind that printer columns use: `.spec.mode`, `.items[0].name`,
 * `.status.conditions[?(@.type=="Available")].status`, `.metadata.labels['a\.b']`, `[*]`.
 */
export function valuesAtJsonPath(value: unknown, path: string): readonly unknown[] {
  let found: readonly unknown[] = [value];
  for (const step of stepsOf(path)) found = found.flatMap((one) => follow(one, step));
  return found;
}

function stepsOf(path: string): readonly string[] {
  return path.match(/\[\?\(.*?\)\]|\['(?:[^'\\]|\\.)*'\]|\[[^\]]*\]|\.?(?:\\.|[^.[\\])+/g) ?? [];
}

function follow(value: unknown, step: string): readonly unknown[] {
  const filter = /^\[\?\(@\.([\w.-]+)\s*==\s*(.+?)\)\]$/.exec(step);
  if (filter) {
    const [, path = '', literal = ''] = filter;
    const wanted = literalOf(literal);
    return asList(value).filter((item) =>
      valuesAtJsonPath(item, `.${path}`).some((one) => jsonEqual(one, wanted)),
    );
  }
  if (step === '[*]') return isJsonObject(value) ? Object.values(value) : asList(value);
  const index = /^\[(-?\d+)\]$/.exec(step)?.[1];
  if (index !== undefined) {
    const item = asList(value).at(Number(index));
    return item === undefined ? [] : [item];
  }
  const quoted = /^\['(.*)'\]$/.exec(step)?.[1];
  const key = (quoted ?? step.replace(/^\./, '')).replaceAll(/\\(.)/g, '$1');
  if (key === '') return [value];
  return isJsonObject(value) && Object.hasOwn(value, key) ? [value[key]] : [];
}

function literalOf(text: string): unknown {
  const quoted = /^(["'])(.*)\1$/.exec(text.trim())?.[2];
  if (quoted !== undefined) return quoted;
  if (text.trim() === 'true') return true;
  if (text.trim() === 'false') return false;
  return Number(text);
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
