import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Figure {
  readonly what: string;
  readonly documents?: number;
  readonly kilobytes?: number;
  readonly ours: number;
  readonly peer?: number;
  readonly unit: 'ms' | 'MB';
  readonly runs: number;
  /** What ours may be at most. */
  readonly target?: number;
}

/** Medians of what `run` gives for each subject, which take turns: whatever else the machine does, it does to all. */
export async function inTurn<Subject, Name extends string>(
  count: number,
  subjects: Readonly<Record<Name, Subject>>,
  run: (subject: Subject) => Promise<number>,
): Promise<Record<Name, number>> {
  const names = Object.keys(subjects).filter((name): name is Name => name in subjects);
  const times = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let index = 0; index < count; index += 1) {
    for (const name of names) times.get(name)?.push(await run(subjects[name]));
  }
  const medians: Partial<Record<Name, number>> = {};
  const isWhole = (some: Partial<Record<Name, number>>): some is Record<Name, number> =>
    names.every((name) => some[name] !== undefined);
  for (const name of names) medians[name] = median(times.get(name) ?? []);
  if (!isWhole(medians)) throw new Error('Every subject is measured');
  return medians;
}

export async function timeOf(run: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await run();
  return performance.now() - before;
}

export async function repeat(count: number, run: () => Promise<number>): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) times.push(await run());
  return times;
}

export function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1] ?? Number.NaN;
}

export async function runNothing(): Promise<void> {
  await once(spawn(process.execPath, ['-e', '0']), 'exit');
}
