import { createInterface } from 'node:readline/promises';
import type { Io } from './io.ts';

/**
 * @param unasked what `--yes` says; without it, and with nobody there to ask, the answer is no
 * @returns true for a yes
 */
export async function confirm(io: Io, question: string, unasked: boolean | undefined): Promise<boolean> {
  if (unasked === true) return true;
  if (io.ask === undefined) return false;
  return /^y(es)?$/i.test((await io.ask(`${question} [y/N] `)).trim());
}

/**
 * Asks on the terminal, beside the results. Undefined where there is none: then nothing is ever asked.
 *
 * @param interrupt is called on Ctrl-C, which a terminal gives to whoever reads it
 */
export function toAsk(interrupt: () => void): NonNullable<Io['ask']> | undefined {
  const { stdin, stderr } = process;
  if (!stdin.isTTY || !stderr.isTTY) return undefined;
  return async (question) => {
    const lines = createInterface({ input: stdin, output: stderr });
    // Ctrl-D ends the input: no answer, which is a no.
    const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
    lines.once('SIGINT', () => {
      interrupt();
      lines.close();
    });
    try {
      return await Promise.race([lines.question(question), ended]);
    } finally {
      lines.close();
    }
  };
}
