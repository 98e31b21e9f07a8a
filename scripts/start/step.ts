/** Says what begins, and how long it took where a person had to wait for it. */
export async function step<T>(what: string, work: () => T | Promise<T>): Promise<T> {
  console.log(`${what} ...`);
  const started = performance.now();
  const result = await work();
  const seconds = (performance.now() - started) / 1000;
  if (seconds >= 1) console.log(`  took ${seconds.toFixed(0)} s`);
  return result;
}
