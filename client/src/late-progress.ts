/** Runs a task beside its progress, which the function given shows. */
export type ShowProgress = (
  run: (report: (message: string) => void) => Promise<void>,
  cancel: () => void,
) => PromiseLike<unknown>;

/** What is done sooner is not worth a word. */
export const momentMs = 400;

/** For so long VS Code shows a notification of progress at least, also when what it tells of is over. */
export const leastShownMs = 900;

/**
 * Shows the progress of what takes longer than a moment or has something to report, and ends with its notification:
 * a question that follows does not stand beside one that still says "Looking for …".
 */
export async function lateProgress<T>(
  task: (report: (message: string) => void, signal: AbortSignal) => Promise<T>,
  show: ShowProgress,
): Promise<T> {
  const abort = new AbortController();
  let last: string | undefined;
  let tell: ((message: string) => void) | undefined;
  let hurry = (): void => undefined;
  const reported = new Promise<void>((resolve) => {
    hurry = resolve;
  });
  const running = task((message) => {
    last = message;
    tell?.(message);
    hurry();
  }, abort.signal);
  const settled = running.then(
    () => undefined,
    () => undefined,
  );
  if (await isOverIn(momentMs, settled, reported)) return running;
  const shown = new Promise<void>((resolve) => setTimeout(resolve, leastShownMs));
  void show(
    async (report) => {
      tell = report;
      if (last !== undefined) report(last);
      await settled;
    },
    () => abort.abort(),
  );
  await settled;
  await shown;
  return running;
}

function isOverIn(ms: number, settled: Promise<void>, reported: Promise<void>): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (isOver: boolean): void => {
      clearTimeout(timer);
      resolve(isOver);
    };
    const timer = setTimeout(() => end(false), ms);
    void settled.then(() => end(true));
    void reported.then(() => end(false));
  });
}
