import { expect, test } from 'vitest';
import { LogBuffer } from '#sandbox/node/log-buffer.ts';

test('who follows a log is told each whole line, and its end', () => {
  const log = new LogBuffer();
  const told: string[] = [];
  const listen = (name: string) =>
    log.follow({
      onLine: (line) => told.push(`${name}: ${line}`),
      onEnd: () => told.push(`${name} ends`),
    });
  listen('stays');
  const leave = listen('leaves');
  log.append(Buffer.from('one\ntw'));
  leave();
  log.append(Buffer.from('o'));
  log.end();
  listen('late');
  expect(told).toEqual(['stays: one\n', 'leaves: one\n', 'stays: two\n', 'stays ends', 'late ends']);
  expect(log.read({})).toBe('one\ntwo\n');
});
