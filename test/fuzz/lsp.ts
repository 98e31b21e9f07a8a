// npm run fuzz:lsp [-- --minutes N --seed S]: edits random files at random in the built language server, and compares
// what it tells of them with what a server tells that has just opened them. Ends at the first fault, with the seed
// and the least steps that lead to it.
import { parseArgs } from 'node:util';
import { Editor } from './editor.ts';
import { type Limits, minimize, play } from './play.ts';
import { Random } from './random.ts';
import { randomSteps } from './steps.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const seed = Number(values.seed);
const ends = performance.now() + Number(values.minutes) * 60_000;
const limits: Limits = { deadlineMs: 20_000, memoryMb: 700 };

process.stdout.write(`Seed ${seed}. This takes ${values.minutes} minutes.\n`);
let rounds = 0;
let memory = 0;
let editor = await Editor.start(limits.deadlineMs);
try {
  for (; performance.now() < ends && process.exitCode === undefined; rounds += 1) {
    const steps = randomSteps(new Random(seed + rounds));
    try {
      await play(editor, steps, limits);
      memory = Math.max(memory, editor.memory());
    } catch (error) {
      process.exitCode = 1;
      process.stdout.write(`\nSeed ${seed + rounds}: ${String(error)}\n`);
      const least = await minimize(steps, limits, performance.now() + 120_000);
      process.stdout.write(`Steps that lead there: ${JSON.stringify(least).slice(0, 20_000)}\n`);
    }
    if (rounds % 100 === 99) {
      process.stdout.write(`${rounds + 1} rounds, at most ${Math.round(memory)} MB\n`);
      // Most rounds share a server, to see what stays behind; not all, or one fault would hide the next.
      await editor[Symbol.asyncDispose]();
      editor = await Editor.start(limits.deadlineMs);
    }
  }
} finally {
  await editor[Symbol.asyncDispose]();
}
process.stdout.write(`${rounds} rounds, at most ${Math.round(memory)} MB.\n`);
