import { test } from 'vitest';
import { Editor } from '../fuzz/editor.ts';
import { play } from '../fuzz/play.ts';
import { Random } from '../fuzz/random.ts';
import { randomSteps } from '../fuzz/steps.ts';

const limits = { deadlineMs: 20_000, memoryMb: 700 };

/** The first rounds of `npm run fuzz:lsp -- --seed 1`, on one server. */
test('after any edits, what is told is what a server tells that has just opened the texts', async () => {
  await using editor = await Editor.start(limits.deadlineMs);
  for (let seed = 1; seed <= 15; seed += 1) await play(editor, randomSteps(new Random(seed)), limits);
});
