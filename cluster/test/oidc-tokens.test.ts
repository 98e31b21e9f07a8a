import {
  chmodSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkWritable, keepTokens, readTokens } from '#cluster/oidc-tokens.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ert-tokens-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const text = (idToken: string, refreshToken: string): string =>
  `users:\n- name: u\n  user: {auth-provider: {config: {id-token: ${idToken}, refresh-token: ${refreshToken}}}}\n`;
const now = { idToken: 'i2', refreshToken: 'r2' };
const isGood = (): boolean => true;

function place(content: string, signal = new AbortController().signal) {
  const file = join(folder, 'kubeconfig');
  writeFileSync(file, content, { mode: 0o640 });
  return { file, user: 'u', signal };
}

test('a token is kept, and nothing is left beside the file', async () => {
  const at = place(text('i1', 'r1'));
  await checkWritable(at);
  expect(await keepTokens(at, { before: readTokens(at), now }, isGood)).toBe('i2');
  expect(readTokens(at)).toEqual(now);
  expect(statSync(at.file).mode & 0o777).toBe(0o640);
  expect(readdirSync(folder)).toEqual(['kubeconfig']);
});

test('the tokens that somebody else has written meanwhile are taken', async () => {
  const at = place(text('i1', 'r1'));
  const before = readTokens(at);
  writeFileSync(at.file, text('i3', 'r3'));
  expect(await keepTokens(at, { before, now }, isGood)).toBe('i3');
  expect(readFileSync(at.file, 'utf8')).toBe(text('i3', 'r3'));
});

test('unless these have expired', async () => {
  const at = place(text('i1', 'r1'));
  const before = readTokens(at);
  writeFileSync(at.file, text('i3', 'r3'));
  expect(await keepTokens(at, { before, now }, () => false)).toBe('i2');
  expect(readTokens(at)).toEqual(now);
});

test('who writes at the moment is waited for', async () => {
  const at = place(text('i1', 'r1'));
  writeFileSync(`${at.file}.lock`, '');
  const kept = keepTokens(at, { before: readTokens(at), now }, isGood);
  rmSync(`${at.file}.lock`);
  expect(await kept).toBe('i2');
});

test('a wait that is ended leaves the lock of the other', async () => {
  const ending = new AbortController();
  const at = place(text('i1', 'r1'), ending.signal);
  writeFileSync(`${at.file}.lock`, '');
  const kept = keepTokens(at, { before: readTokens(at), now }, isGood);
  ending.abort();
  await expect(kept).rejects.toThrow(/abort/);
  expect(readdirSync(folder)).toEqual(['kubeconfig', 'kubeconfig.lock']);
});

test('a kubeconfig that could not be read again is not written', async () => {
  const at = place(text('i1', 'r1'));
  const huge = { idToken: 'x'.repeat(17 * 2 ** 20), refreshToken: 'r2' };
  const kept = keepTokens(at, { before: readTokens(at), now: huge }, isGood);
  await expect(kept).rejects.toThrow('with it the kubeconfig would be larger than 16 MiB');
  expect(readFileSync(at.file, 'utf8')).toBe(text('i1', 'r1'));
  expect(readdirSync(folder)).toEqual(['kubeconfig']);
});

test('a file of two names stays one file', async () => {
  const at = place(text('i1', 'a-longer-one'));
  linkSync(at.file, join(folder, 'other'));
  chmodSync(at.file, 0o600);
  await keepTokens(at, { before: readTokens(at), now }, isGood);
  expect(readFileSync(join(folder, 'other'), 'utf8')).toBe(text('i2', 'r2'));
});
