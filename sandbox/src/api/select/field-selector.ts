import { badRequest } from '../api-error.ts';

export interface FieldRequirement {
  readonly field: string;
  readonly value: string;
  readonly isEqual: boolean;
}

/** @throws ApiError 400 for what is no selector. */
export function parseFieldSelector(text: string): readonly FieldRequirement[] {
  return text
    .split(/(?<!\\),/)
    .filter((part) => part !== '')
    .map((part) => {
      const match = /^(.*?)(!=|==|=)(.*)$/.exec(part);
      if (match === null) {
        throw badRequest(`invalid selector: '${text}'; can't understand '${part}'`);
      }
      const [, field = '', operator, value = ''] = match;
      return { field, value: value.replace(/\\([\\,=])/g, '$1'), isEqual: operator !== '!=' };
    });
}

/** `fields` holds every field the kind can be selected by, empty where the object has no value. */
export function matchesFields(
  requirements: readonly FieldRequirement[],
  fields: Readonly<Record<string, string>>,
): boolean {
  return requirements.every(({ field, value, isEqual }) => ((fields[field] ?? '') === value) === isEqual);
}
