import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ReadOnlyTexts } from '#client/read-only-texts.ts';
import { ClusterError, type FailureReason } from '#cluster/errors.ts';

// The one place of the editor that these texts need: what is shown.
const editor = vi.hoisted(() => ({ visible: new Array<string>() }));
vi.mock('vscode', () => {
  const uriOf = (text: string) => ({ path: text, toString: () => text });
  const nothing = () => ({ dispose: () => undefined });
  return {
    EventEmitter: class {
      readonly event = nothing;
      fire(): void {}
      dispose(): void {}
    },
    Uri: { from: ({ path }: { readonly path: string }) => uriOf(path) },
    l10n: { t: (message: string) => message },
    window: {
      get visibleTextEditors() {
        return editor.visible.map((text) => ({ document: { uri: uriOf(text) } }));
      },
      onDidChangeActiveTextEditor: nothing,
      onDidChangeWindowState: nothing,
    },
    workspace: { registerTextDocumentContentProvider: nothing, onDidCloseTextDocument: nothing },
  };
});

beforeEach(() => {
  vi.useFakeTimers();
  editor.visible = ['/a.yaml'];
});
afterEach(() => void vi.useRealTimers());

/** A text that is read again and fails so often, then not. @returns what is shown and how often it was read */
async function check(
  reason: FailureReason,
  failures: number,
  expected: readonly [text: string, reads: number],
  meanwhile: () => void = () => undefined,
) {
  const texts = new ReadOnlyTexts(() => undefined);
  let reads = 0;
  const uri = texts.put('/a.yaml', 'old', () => {
    reads++;
    const failure = new ClusterError({ reason, message: 'No.' });
    return reads > failures ? Promise.resolve('new') : Promise.reject(failure);
  });
  await vi.advanceTimersByTimeAsync(2000);
  texts.refresh();
  meanwhile();
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  expect([texts.provideTextDocumentContent(uri), reads]).toEqual(expected);
  texts.dispose();
  expect(vi.getTimerCount()).toBe(0);
}

test('a text is read again', () => check('unreachable', 0, ['new', 1]));
test.each<FailureReason>(['canceled', 'unreachable', 'throttled'])(
  'a text that could not be read for a moment, as during a login, is read later: %s',
  (reason) => check(reason, 2, ['new', 3]),
);
test.each<FailureReason>(['login-failed', 'unauthorized', 'forbidden'])(
  'nobody is asked to log in by a text that is only shown: %s',
  (reason) => check(reason, 2, ['old', 1]),
);
test('what stays away is not asked for ever', () => check('unreachable', 100, ['old', 7]));
test('a text that nobody sees waits until somebody does', () =>
  check('unreachable', 1, ['old', 1], () => {
    editor.visible = [];
  }));
