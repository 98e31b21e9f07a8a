import { setImmediate } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { readYamlFile, type YamlFile } from '#language/document.ts';
import type { SliceContent } from '#language/slice-content.ts';
import { withLineFeeds } from '#language/text/line-ends.ts';
import { toSlices } from '#language/text/slices.ts';
import { heardContent, readLeanly, type ToldContent } from '#language/told-content.ts';
import { KnownLines } from '#language/yaml/known-lines.ts';
import type { Io } from '../io.ts';
import type { TextFile } from '../read-files.ts';
import type { LintOptions } from './lint-files.ts';
import type { Share, ToldShare } from './reading-thread.ts';

/**
 * What `readYamlFile` gives for each file, but of a document without a finding only what others go by. Where there is
 * much to read, another thread reads a part of it.
 */
export async function readInThreads(
  files: readonly TextFile[],
  options: LintOptions,
  { startThread, signal }: Pick<Io, 'startThread' | 'signal'>,
): Promise<readonly YamlFile[]> {
  const lines = new KnownLines();
  const read = (text: string): SliceContent | undefined => readLeanly(text, options, lines);
  const alone = (): readonly YamlFile[] =>
    files.map(({ text }) => readYamlFile(text, undefined, options, read));
  const size = files.reduce((sum, { text }) => sum + text.length, 0);
  if (startThread === undefined || size < worthAThread) return alone();
  const cut = files.map(({ text }) => toSlices(withLineFeeds(text)));
  const texts = cut.flatMap((slices) => slices.map(({ text }) => text));
  // A few long ones cannot be shared out.
  const thread = texts.length < fewestTexts ? undefined : startThread();
  if (thread === undefined) return alone();
  const contents = await readTexts(texts, options, read, thread, signal);
  let next = 0;
  return files.map(({ text }, index) => {
    const slices = (cut[index] ?? []).map((slice) => {
      const content = contents[next];
      next += 1;
      return content === undefined ? slice : { ...slice, content };
    });
    return { text, slices, options };
  });
}

/** A thread that starts while the files are still being read, where they are as many as to be worth it. */
export class SpareThread {
  readonly #start: () => Worker | undefined;
  #worker: Worker | undefined;

  constructor({ startThread }: Pick<Io, 'startThread'>) {
    this.#start = startThread ?? (() => undefined);
  }

  expect(files: number): void {
    if (files < fewestTexts || this.#worker !== undefined) return;
    const worker = this.#start();
    const forget = (): void => {
      if (this.#worker === worker) this.#worker = undefined;
    };
    this.#worker = worker?.on('error', forget).on('exit', forget);
  }

  take(): Worker | undefined {
    const worker = this.#worker ?? this.#start();
    this.#worker = undefined;
    return worker;
  }

  /** Ends it, unless it has been taken. */
  drop(): void {
    void this.#worker?.terminate();
  }
}

/** In characters. To start a thread takes as long as some hundred documents do. */
const worthAThread = 1_000_000;
const fewestTexts = 500;
/** So few that the end of the last ones is not waited for. */
const shareLength = 40;

/** This thread takes shares from the start, the other one from the end, until they meet. */
async function readTexts(
  texts: readonly string[],
  options: LintOptions,
  read: (text: string) => SliceContent | undefined,
  thread: Worker,
  signal: AbortSignal,
): Promise<readonly (SliceContent | undefined)[]> {
  const contents: (SliceContent | undefined)[] = Array.from({ length: texts.length });
  const startOf = (share: number): number => share * shareLength;
  const textsOf = (share: number): readonly string[] => texts.slice(startOf(share), startOf(share + 1));
  const hear = (share: number, told: readonly ToldContent[]): void => {
    for (const [index, text] of textsOf(share).entries())
      contents[startOf(share) + index] = heardContent(text, told[index], options);
  };
  const readHere = (share: number): void => {
    for (const [index, text] of textsOf(share).entries()) contents[startOf(share) + index] = read(text);
  };
  const shares = Array.from({ length: Math.ceil(texts.length / shareLength) }, (_, index) => index);
  const others = new OtherThread(thread, (share) => ({
    index: share,
    texts: textsOf(share),
    options,
  }));
  try {
    // As many as it can read while this thread is at one.
    for (let ahead = 0; ahead < 4; ahead += 1) others.give(shares.pop());
    for (let share = shares.shift(); share !== undefined; share = shares.shift()) {
      readHere(share);
      await setImmediate();
      signal.throwIfAborted();
      for (const { index, told } of others.takeAnswers()) {
        hear(index, told);
        others.give(shares.pop());
      }
    }
    for (const share of await others.finish((answer) => hear(answer.index, answer.told))) readHere(share);
  } finally {
    others.stop();
  }
  return contents;
}

/** The other thread, and what it has been given. */
class OtherThread {
  readonly #worker: Worker;
  readonly #toShare: (index: number) => Share;
  readonly #given = new Set<number>();
  #answers: ToldShare[] = [];
  #hasFailed = false;
  #wake: (() => void) | undefined;

  constructor(worker: Worker, toShare: (index: number) => Share) {
    this.#worker = worker;
    this.#toShare = toShare;
    worker.on('message', (answer: ToldShare) => {
      this.#given.delete(answer.index);
      this.#answers.push(answer);
      this.#wake?.();
    });
    const fail = (): void => {
      this.#hasFailed = true;
      this.#wake?.();
    };
    worker.on('error', fail).on('exit', fail);
  }

  give(share: number | undefined): void {
    if (share === undefined) return;
    this.#given.add(share);
    if (!this.#hasFailed) this.#worker.postMessage(this.#toShare(share));
  }

  takeAnswers(): readonly ToldShare[] {
    const answers = this.#answers;
    this.#answers = [];
    return answers;
  }

  /** @returns what it has not answered, as it has ended before: then it is for this thread */
  async finish(hear: (answer: ToldShare) => void): Promise<readonly number[]> {
    for (;;) {
      for (const answer of this.takeAnswers()) hear(answer);
      if (this.#given.size === 0 || this.#hasFailed) return [...this.#given];
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Nobody has to wait for its end. */
  stop(): void {
    this.#worker.unref();
    void this.#worker.terminate();
  }
}
