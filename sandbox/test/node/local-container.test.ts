import { expect, test, vi } from 'vitest';
import type { ContainerEnd } from '#sandbox/node/container.ts';
import { LocalContainer } from '#sandbox/node/local-container.ts';
import type { LogBuffer } from '#sandbox/node/log-buffer.ts';

/** A container of which the test says when it writes and ends. */
async function startContainer() {
  const runs: { readonly log: LogBuffer; readonly end: (end: ContainerEnd) => void }[] = [];
  const events: string[] = [];
  const container = new LocalContainer({
    spec: { name: 'router', image: 'x:1' },
    pod: 'p_demo(u)',
    sandbox: {
      id: 'test',
      ips: [],
      networkStatus: [],
      start: async (_container, _files, log) => {
        const ended = new Promise<ContainerEnd>((end) => runs.push({ log, end }));
        return { ended, execCommand: () => undefined, stop: async () => undefined };
      },
      probe: () => new Promise(() => undefined),
      destroy: async () => undefined,
    },
    runtimeName: 'test',
    restarts: 'Always',
    onChange: () => undefined,
    onEvent: (type, reason, message) => events.push(`${type} ${reason} ${message}`),
  });
  await container.start({ volumes: new Map(), hosts: '' });
  return {
    container,
    events,
    say: (text: string) => runs.at(-1)?.log.append(Buffer.from(text)),
    end: async (code: number) => {
      runs.at(-1)?.end({ kind: 'exited', code });
      await vi.advanceTimersByTimeAsync(0);
    },
    read: (isPrevious: boolean) => {
      const log = container.findLog('p', isPrevious);
      return typeof log === 'string' ? log : log.read({});
    },
  };
}

test('a container is started again at once, then after a pause, as a kubelet does it, and its runs have a log each', async () => {
  vi.useFakeTimers();
  try {
    const { container, events, say, end, read } = await startContainer();
    say('first\n');
    const followed: string[] = [];
    const log = container.findLog('p', false);
    if (typeof log === 'string') throw new Error(log);
    log.follow({ onLine: (line) => followed.push(line), onEnd: () => followed.push('end') });
    expect([read(false), read(true)]).toEqual([
      'first\n',
      'previous terminated container "router" in pod "p" not found',
    ]);

    say('last words');
    await end(1);
    expect(followed).toEqual(['last words\n', 'end']);
    say('second\n');
    expect(container.view()).toMatchObject({
      state: { running: {} },
      lastState: { terminated: { exitCode: 1, reason: 'Error' } },
      restartCount: 1,
    });
    expect([read(false), read(true)]).toEqual(['second\n', 'first\nlast words\n']);
    expect(events).toEqual([
      'Normal Started Started container router',
      'Normal Started Started container router',
    ]);

    await end(2);
    expect(container.view()).toMatchObject({
      state: {
        waiting: {
          reason: 'CrashLoopBackOff',
          message: 'back-off 1s restarting failed container=router pod=p_demo(u)',
        },
      },
      lastState: { terminated: { exitCode: 2 } },
      restartCount: 1,
    });
    expect(events.at(-1)).toBe(
      'Warning BackOff Back-off restarting failed container router in pod p_demo(u)',
    );
    expect([read(false), read(true)]).toEqual(['second\n', 'second\n']);
    await vi.advanceTimersByTimeAsync(1000);
    expect([read(false), read(true)]).toEqual(['', 'second\n']);
    await container.stop(0);
  } finally {
    vi.useRealTimers();
  }
});
