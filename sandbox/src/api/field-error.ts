import { ApiError, type Cause } from './api-error.ts';

/** One fault in a submitted object, worded as Kubernetes words it. `field` is like `spec.ports[0].port`. */
export interface FieldError {
  readonly reason: keyof typeof headings;
  readonly field: string;
  readonly message: string;
}

const headings = {
  FieldValueRequired: 'Required value',
  FieldValueInvalid: 'Invalid value',
  FieldValueTypeInvalid: 'Invalid value',
  FieldValueNotSupported: 'Unsupported value',
  FieldValueForbidden: 'Forbidden',
  FieldValueDuplicate: 'Duplicate value',
  FieldValueTooLong: 'Too long',
  FieldValueTooMany: 'Too many',
  FieldValueNotFound: 'Not found',
} as const;

export function required(field: string, detail = ''): FieldError {
  return faultOf('FieldValueRequired', field, detail === '' ? '' : `: ${detail}`);
}

export function invalid(field: string, value: unknown, detail: string): FieldError {
  return faultOf('FieldValueInvalid', field, `: ${shown(value)}: ${detail}`);
}

export function typeInvalid(field: string, value: unknown, detail: string): FieldError {
  return faultOf('FieldValueTypeInvalid', field, `: ${shown(value)}: ${detail}`);
}

export function notSupported(field: string, value: unknown, supported: readonly unknown[]): FieldError {
  const list = supported.map(shown).join(', ');
  return faultOf('FieldValueNotSupported', field, `: ${shown(value)}: supported values: ${list}`);
}

export function forbiddenField(field: string, detail: string): FieldError {
  return faultOf('FieldValueForbidden', field, `: ${detail}`);
}

export function duplicate(field: string, value: unknown): FieldError {
  return faultOf('FieldValueDuplicate', field, `: ${shown(value)}`);
}

export function notFoundField(field: string, value: unknown): FieldError {
  return faultOf('FieldValueNotFound', field, `: ${shown(value)}`);
}

export function tooLong(field: string, detail: string): FieldError {
  return faultOf('FieldValueTooLong', field, `: ${detail}`);
}

export function tooMany(field: string, count: number, most: number): FieldError {
  return faultOf('FieldValueTooMany', field, `: ${count}: must have at most ${most} items`);
}

/** @returns the 422 for an object that has these faults; there must be one at least. */
export function invalidObject(
  { group, kind }: { readonly group: string; readonly kind: string },
  name: string,
  errors: readonly FieldError[],
): ApiError {
  const lines = [...new Set(errors.map(({ field, message }) => `${field}: ${message}`))];
  const text = lines.length === 1 ? lines[0] : `[${lines.join(', ')}]`;
  const causes: Cause[] = errors.map(({ reason, field, message }) => ({ reason, message, field }));
  const qualifiedKind = group === '' ? kind : `${kind}.${group}`;
  return new ApiError(422, 'Invalid', `${qualifiedKind} ${JSON.stringify(name)} is invalid: ${text}`, {
    ...(name === '' ? {} : { name }),
    ...(group === '' ? {} : { group }),
    kind,
    causes,
  });
}

/** The 422 for the options of a request, which are a kind of their own. */
export function invalidOptions(kind: string, error: FieldError): ApiError {
  return invalidObject({ group: 'meta.k8s.io', kind }, '', [error]);
}

function faultOf(reason: FieldError['reason'], field: string, rest: string): FieldError {
  return { reason, field, message: `${headings[reason]}${rest}` };
}

/** Objects are shown as JSON, which is what apiextensions-apiserver does for custom resources. */
function shown(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  return JSON.stringify(value);
}
