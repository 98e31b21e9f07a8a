import type { JsonObject } from '#core/schema/json-schema.ts';
import { badRequest } from '../api-error.ts';
import { objectsAt, stringsAt, textAt, textsAt } from '../json.ts';
import { qualifiedName } from '../kinds/name-rules.ts';

export type Requirement =
  | { readonly kind: 'in' | 'notIn'; readonly key: string; readonly values: readonly string[] }
  | { readonly kind: 'exists' | 'notExists'; readonly key: string };

/** @throws ApiError 400 for what is no selector, such as `a in b`. */
export function parseLabelSelector(text: string): readonly Requirement[] {
  return splitOutsideParentheses(text)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => parseRequirement(part));
}

/** `metav1.LabelSelector`, as Services' owners write it: `matchLabels` and `matchExpressions`. */
export function fromSelectorObject(selector: JsonObject): readonly Requirement[] {
  const equal = Object.entries(textsAt(selector, 'matchLabels')).map(
    ([key, value]) => ({ kind: 'in', key, values: [value] }) as const,
  );
  const expressions = objectsAt(selector, 'matchExpressions').flatMap((expression): Requirement[] => {
    const key = textAt(expression, 'key') ?? '';
    const values = stringsAt(expression, 'values');
    switch (textAt(expression, 'operator')) {
      case 'In':
        return [{ kind: 'in', key, values }];
      case 'NotIn':
        return [{ kind: 'notIn', key, values }];
      case 'Exists':
        return [{ kind: 'exists', key }];
      case 'DoesNotExist':
        return [{ kind: 'notExists', key }];
      default:
        return [];
    }
  });
  return [...equal, ...expressions];
}

export function matchesLabels(
  requirements: readonly Requirement[],
  labels: Readonly<Record<string, string>>,
): boolean {
  return requirements.every((requirement) => {
    const value = Object.hasOwn(labels, requirement.key) ? labels[requirement.key] : undefined;
    switch (requirement.kind) {
      case 'in':
        return value !== undefined && requirement.values.includes(value);
      case 'notIn':
        return value === undefined || !requirement.values.includes(value);
      case 'exists':
        return value !== undefined;
      case 'notExists':
        return value === undefined;
    }
  });
}

function parseRequirement(part: string): Requirement {
  const equality = /^(\S*?)\s*(!=|==|=)\s*(\S*)$/.exec(part);
  if (equality) {
    const [, key = '', operator, value = ''] = equality;
    checkKey(key);
    return { kind: operator === '!=' ? 'notIn' : 'in', key, values: [value] };
  }
  const membership = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/.exec(part);
  if (membership) {
    const [, key = '', operator, list = ''] = membership;
    checkKey(key);
    const values = list.split(',').map((value) => value.trim());
    return { kind: operator === 'in' ? 'in' : 'notIn', key, values };
  }
  const key = part.startsWith('!') ? part.slice(1).trim() : part;
  checkKey(key);
  return { kind: part.startsWith('!') ? 'notExists' : 'exists', key };
}

function checkKey(key: string): void {
  if (qualifiedName(key) !== undefined) {
    const found = key.trim().split(/\s+/)[1];
    throw badRequest(
      found === undefined
        ? `unable to parse requirement: <nil>: Invalid value: ${JSON.stringify(key)}: ${qualifiedName(key) ?? ''}`
        : `unable to parse requirement: found '${found}', expected: in, notin, =, ==, !=, gt, lt`,
    );
  }
}

function splitOutsideParentheses(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index <= text.length; index += 1) {
    const char = text[index];
    if (char === '(') depth += 1;
    if (char === ')') depth -= 1;
    if (char === undefined || (char === ',' && depth === 0)) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return parts;
}
