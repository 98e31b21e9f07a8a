// Why a command in a pod was not run, in words.
import { expect, test } from 'vitest';
import { textOf } from '#cluster/exec.ts';

const refused = new Error('connect ECONNREFUSED 127.0.0.1:6443');

test.each<[string, unknown, string]>([
  ['an error', refused, refused.message],
  [
    'the event of a WebSocket',
    { type: 'error', message: 'Unexpected server response: 404' },
    'Unexpected server response: 404',
  ],
  ['an event that only holds the error', { type: 'error', error: refused }, refused.message],
  [
    'several addresses, none of which answers',
    { message: '', error: new AggregateError([refused]) },
    refused.message,
  ],
  [
    'a code alone',
    { message: '', error: Object.assign(new Error(''), { code: 'ECONNREFUSED' }) },
    'ECONNREFUSED',
  ],
  ['nothing that tells', { type: 'error' }, 'the cluster cannot be reached'],
])('%s', (_, cause, expected) => expect(textOf(cause)).toBe(expected));
