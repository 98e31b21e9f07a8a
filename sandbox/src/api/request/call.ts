import type { IncomingMessage } from 'node:http';
import { badRequest } from '../api-error.ts';
import type { User } from '../auth/user.ts';
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
  return {
    user,
    manager: named === '' ? managerFromAgent(request.headers['user-agent']) : named,
    isManagerGiven: named !== '',
    isDryRun: readDryRun(query.getAll('dryRun')),
    isForced: query.get('force') === 'true' || query.get('force') === '1',
    fieldValidation: readFieldValidation(query.get('fieldValidation')),
  };
}

export function readDryRun(values: readonly string[]): boolean {
  const given = values.filter((value) => value !== '');
  const wrong = given.find((value) => value !== 'All');
  if (wrong !== undefined) {
    throw badRequest(`dryRun: Unsupported value: ${JSON.stringify(wrong)}: supported values: "All"`);
  }
  return given.length > 0;
}

function readFieldValidation(value: string | null): FieldValidation {
  const found = (['Ignore', 'Warn', 'Strict'] as const).find((one) => one === value);
  if (found !== undefined) return found;
  if (value === null || value === '') return 'Warn';
  throw badRequest(
    `fieldValidation: Unsupported value: ${JSON.stringify(value)}: supported values: "Ignore", "Warn", "Strict"`,
  );
}

function managerFromAgent(agent: string | undefined): string {
  const name = (agent ?? '').split('/')[0]?.trim() ?? '';
  return name === '' ? 'unknown' : name.slice(0, 128);
}
