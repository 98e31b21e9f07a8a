import type { MessagePort } from 'node:worker_threads';
import { type ToldContent, tellContent } from '#language/told-content.ts';
import { KnownLines } from '#language/yaml/known-lines.ts';
import type { LintOptions } from './lint-files.ts';

/** Documents for another thread to read; `index` tells the answers apart. */
export interface Share {
  readonly index: number;
  readonly texts: readonly string[];
  readonly options: LintOptions;
}

export interface ToldShare {
  readonly index: number;
  /** One for each text. */
  readonly told: readonly ToldContent[];
}

/** Reads what comes by the port until that is closed. */
export function serveReading(port: MessagePort): void {
  const lines = new KnownLines();
  port.on('message', ({ index, texts, options }: Share) => {
    const answer: ToldShare = { index, told: texts.map((text) => tellContent(text, options, lines)) };
    port.postMessage(answer);
  });
}
