import { toFailure } from './errors.ts';
import type { ConnectionState } from './view.ts';

/** Whether a cluster is seen as it is, out of what becomes of each attempt to watch it. */
export interface StateReporter {
  live(): void;
  /** The cluster has given a sign of life. */
  heard(): void;
  heardAt(): string | undefined;
  /** `failures` counts attempts in a row, this one included. */
  failed(error: unknown, failures: number): void;
}

/** @param graceMs as `WatchOptions.graceMs` */
export function stateReporter(report: (state: ConnectionState) => void, graceMs: number): StateReporter {
  let state: ConnectionState = { kind: 'connecting' };
  let heardAt: string | undefined;
  const startedAt = new Date().toISOString();
  /** Of the first failure in a row: nothing has been heard since `at`. */
  let broken: { readonly at: string; readonly monotonicMs: number } | undefined;
  const move = (next: ConnectionState): void => {
    state = next;
    report(next);
  };
  return {
    heard() {
      heardAt = new Date().toISOString();
    },
    heardAt: () => heardAt,
    live() {
      broken = undefined;
      heardAt = new Date().toISOString();
      if (state.kind !== 'live') move({ kind: 'live' });
    },
    failed(error, failures) {
      const failure = toFailure(error);
      broken ??= { at: heardAt ?? startedAt, monotonicMs: performance.now() };
      const mayPass = ['unreachable', 'server-error', 'throttled', 'timed-out'].includes(failure.reason);
      const isNew = failures < 2 || performance.now() - broken.monotonicMs < graceMs;
      if (state.kind === 'live' && mayPass && isNew) return;
      if (state.kind === 'unreachable' && state.message === failure.message) return;
      move({ kind: 'unreachable', since: broken.at, ...failure });
    },
  };
}
