import type { IncomingMessage } from 'node:http';
import type { User } from '../auth/user.ts';
import { invalidOptions, notSupported } from '../field-error.ts';
import type { FieldValidation } from '../schema/decode.ts';

/** The parts of a write request that are not the object. */
export interface Call {
  readonly user: User;
  /** Who is recorded in managedFields. */
  readonly manager: string;
  /** Whether the client itself named the manager: an apply must. */
  readonly isManagerGiven: boolean;
  readonly isDryRun: boolean;
  readonly isForced: boolean;
  readonly fieldValidation: FieldValidation;
}

export function readCall(request: IncomingMessage, query: URLSearchParams, user: User): Call {
  const named = query.get('fieldManager') ?? '';
  const kind = optionKinds[request.method ?? ''] ?? 'CreateOptions';
  return {
    user,
    manager: named === '' ? managerFromAgent(request.headers['user-agent']) : named,
    isManagerGiven: named !== '',
    isDryRun: readDryRun(query.getAll('dryRun'), kind),
    isForced: query.get('force') === 'true' || query.get('force') === '1',
    fieldValidation: readFieldValidation(query.get('fieldValidation'), kind),
  };
}

/** @throws ApiError 422 for anything but `All` */
export function readDryRun(values: readonly string[], kind: string): boolean {
  const given = values.filter((value) => value !== '');
  if (given.some((value) => value !== 'All')) {
    throw invalidOptions(kind, notSupported('dryRun', given, ['All']));
  }
  return given.length > 0;
}

const optionKinds: Readonly<Record<string, string>> = {
  POST: 'CreateOptions',
  PUT: 'UpdateOptions',
  PATCH: 'PatchOptions',
};

function readFieldValidation(value: string | null, kind: string): FieldValidation {
  if (value === null || value === '') return 'Warn';
  const found = (['Ignore', 'Warn', 'Strict'] as const).find((one) => one === value);
  if (found !== undefined) return found;
  throw invalidOptions(kind, notSupported('fieldValidation', value, ['', 'Ignore', 'Strict', 'Warn']));
}

function managerFromAgent(agent: string | undefined): string {
  const name = (agent ?? '').split('/')[0]?.trim() ?? '';
  return name === '' ? 'unknown' : name.slice(0, 128);
}
