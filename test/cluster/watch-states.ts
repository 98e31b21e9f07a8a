import type { Connection } from '#cluster/connect.ts';
import { watchRouters } from '#cluster/router-watch.ts';
import type { Subscription } from '#cluster/subscription.ts';
import type { RoutersSnapshot } from '#cluster/view.ts';

export interface WatchedStates {
  /** What a watcher is shown, each state once in a row. */
  readonly states: readonly string[];
  /** How many routers each snapshot has, each number once in a row. */
  readonly sizes: readonly number[];
  readonly last: () => RoutersSnapshot | undefined;
  readonly names: () => readonly string[];
  readonly watch: Subscription;
}

export function watchStates(connection: Connection): WatchedStates {
  const states: string[] = [];
  const sizes: number[] = [];
  let last: RoutersSnapshot | undefined;
  const watch = watchRouters(connection, {
    listener: (snapshot) => {
      last = snapshot;
      const { connection: state, routers } = snapshot;
      const text = state.kind === 'unreachable' ? `unreachable: ${state.reason}` : state.kind;
      if (states.at(-1) !== text) states.push(text);
      if (sizes.at(-1) !== routers.length) sizes.push(routers.length);
    },
  });
  const names = (): readonly string[] => last?.routers.map(({ name }) => name) ?? [];
  return { states, sizes, last: () => last, names, watch };
}
