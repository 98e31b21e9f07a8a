// When the end of a command is told: where the view cannot show it.
import { expect, test } from 'vitest';
import { type Desk, tellUnlessShown } from '#client/commands/desk.ts';

interface Seen {
  readonly isVisible: boolean;
  readonly context: string;
  readonly state: string;
  readonly filter: string;
  readonly namespace: string | undefined;
}

const seen: Seen = { isVisible: true, context: 'prod', state: 'live', filter: '', namespace: undefined };

test.each<[string, Partial<Seen>, boolean]>([
  ['shows it', {}, false],
  ['lists its namespace alone', { namespace: 'web' }, false],
  ['lists another namespace', { namespace: 'crm' }, true],
  ['is filtered', { filter: 'bank' }, true],
  ['is not to be seen', { isVisible: false }, true],
  ['is of another context by now', { context: 'test' }, true],
  ['has lost the cluster', { state: 'unreachable' }, true],
])('where the view %s', (_, changed, isTold) => {
  const { isVisible, context, state, filter, namespace } = { ...seen, ...changed };
  const told: string[] = [];
  const desk = {
    dialogs: { tell: async (_kind: string, message: string) => void told.push(message) },
    tree: { isVisible },
    layout: { filter },
    connection: {
      selection: namespace === undefined ? {} : { namespace },
      view: { kind: 'open', snapshot: { context, connection: { kind: state } } },
    },
  } as unknown as Desk;
  tellUnlessShown(desk, { context: 'prod', namespace: 'web' }, 'It is ready.');
  expect(told).toEqual(isTold ? ['It is ready.'] : []);
});
