import { expect, test } from 'vitest';
import { Pace } from '#cluster/pace.ts';

/** Works that each take `pieces` of `pieceMs`; how many pieces were done in each turn of the loop. */
async function check(
  works: number,
  pieces: number,
  pieceMs: number,
  sliceMs: number,
): Promise<readonly number[]> {
  const pace = new Pace(sliceMs);
  const turns: number[] = [0];
  let isOver = false;
  const count = (): void => {
    turns.push(0);
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  const work = async (): Promise<void> => {
    for (let piece = 0; piece < pieces; piece += 1) {
      await pace.turn();
      const end = performance.now() + pieceMs;
      while (performance.now() < end);
      turns[turns.length - 1] = (turns.at(-1) ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: works }, work));
  isOver = true;
  expect(turns.reduce((sum, one) => sum + one, 0)).toBe(works * pieces);
  return turns;
}

test('small pieces are done in one turn', async () => {
  expect(Math.max(...(await check(1, 20, 0, 1_000)))).toBe(20);
});
test('no turn has many pieces that fill the slice, of however many works', async () => {
  // One that fills the slice and, of those who had not asked yet in this turn, one each.
  expect(Math.max(...(await check(1, 6, 3, 1)))).toBeLessThanOrEqual(2);
  expect(Math.max(...(await check(5, 4, 3, 1)))).toBeLessThanOrEqual(2);
});
