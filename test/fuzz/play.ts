import { diff } from 'node:util';
import { Editor, Fault } from './editor.ts';
import type { Step } from './steps.ts';

export interface Limits {
  readonly deadlineMs: number;
  readonly memoryMb: number;
}

/**
 * Plays steps on a server and compares what it tells in the end with what one tells that has just opened the texts.
 * @throws Fault where they differ, and where the server takes too long or too much
 */
export async function play(editor: Editor, steps: readonly Step[], limits: Limits): Promise<void> {
  await editor.closeAll();
  editor.server.diagnostics.length = 0;
  for (const step of steps) await editor.play(step);
  await using fresh = await Editor.start(limits.deadlineMs);
  for (const [uri, text] of editor.texts) await fresh.open(uri, text);
  const wanted = await settled(fresh);
  const { told, isWanted } = await editor.settlesOn(wanted);
  if (!isWanted)
    throw new Fault(
      `It tells something else than a server that has just started:\n${difference(told, wanted)}`,
    );
  const log = [...editor.server.log, ...fresh.server.log].join('\n');
  if (log !== '') throw new Fault(`It says that something failed: ${log.slice(0, 4000)}`);
  const memory = editor.memory();
  if (memory > limits.memoryMb) throw new Fault(`It takes ${Math.round(memory)} MB.`);
}

/** What is told twice in a row, with all that was sent before known to be handled. */
async function settled(editor: Editor): Promise<unknown> {
  let told = JSON.stringify(await editor.told());
  for (;;) {
    for (let turn = 0; turn < 3; turn += 1) await editor.told();
    const again = await editor.told();
    if (JSON.stringify(again) === told) return again;
    told = JSON.stringify(again);
  }
}

function difference(told: unknown, wanted: unknown): string {
  const [one, other] = [told, wanted].map((value) => JSON.stringify(value, null, 1));
  if (one === undefined || other === undefined) return '';
  if (one.length + other.length > 200_000) return 'too long to be shown';
  return diff(one.split('\n'), other.split('\n'))
    .filter(([operation]) => operation !== 0)
    .map(([operation, line]) => `${operation > 0 ? 'told:   ' : 'wanted: '}${line}`)
    .slice(0, 60)
    .join('\n');
}

/** Leaves out what is not needed for a fault, as far as the time allows. */
export async function minimize(
  steps: readonly Step[],
  limits: Limits,
  untilMs: number,
): Promise<readonly Step[]> {
  const fails = async (some: readonly Step[]): Promise<boolean> => {
    try {
      await using editor = await Editor.start(limits.deadlineMs);
      await play(editor, some, limits);
      return false;
    } catch {
      return true;
    }
  };
  let least = steps;
  if (!(await fails(least))) return least;
  for (let size = Math.ceil(least.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < least.length && performance.now() < untilMs; ) {
      const fewer = [...least.slice(0, at), ...least.slice(at + size)];
      if (await fails(fewer)) least = fewer;
      else at += size;
    }
  }
  return least;
}
