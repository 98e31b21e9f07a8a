// In English nothing stands between the language server and VS Code, and nothing is searched.
import { expect, test, vi } from 'vitest';
import { isTranslated, told, toldMarkdown } from '#client/told.ts';
import { showTold, toldAnswers, toldCompletions } from '#client/told-answers.ts';

vi.mock('vscode-languageclient', () => ({}));

test('what is said stays as it is', () => {
  expect(isTranslated()).toBe(false);
  expect(toldAnswers()).toEqual({});
  expect(told('The default.')).toBe('The default.');
  expect(toldMarkdown('- The default.\n')).toBe('- The default.\n');
});

test('nothing looks at completions and notifications', () => {
  const untouched = { items: [] };
  expect(toldCompletions(untouched)).toBe(untouched);
  const onNotification = vi.fn<() => { dispose(): void }>();
  showTold({ onNotification });
  expect(onNotification).not.toHaveBeenCalled();
});
