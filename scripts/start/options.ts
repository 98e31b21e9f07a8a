import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { usage } from './usage.mjs';

export interface Options {
  /** Of a real cluster, in place of the sandbox. */
  readonly kubeconfig: string | undefined;
  /** 0 lets the system choose. */
  readonly port: number;
}

/** What was asked for cannot be done as it was asked. */
export class UsageError extends Error {}

/** @throws UsageError */
export function parseOptions(args: readonly string[], startedIn: string): Options {
  const { port, kubeconfig } = parseWords(args);
  const number = Number(port);
  if (!Number.isInteger(number) || number < 0 || number > 65535) throw new UsageError(`Not a port: ${port}`);
  return {
    port: number,
    kubeconfig: kubeconfig === undefined ? undefined : checkedKubeconfig(path.resolve(startedIn, kubeconfig)),
  };
}

function parseWords(args: readonly string[]) {
  try {
    const options = { kubeconfig: { type: 'string' }, port: { type: 'string', default: '0' } } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${message}\n\n${usage}`, { cause: error });
  }
}

/** Found out here, not in the sidebar of a VS Code that took a minute to start. */
function checkedKubeconfig(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const next = 'give the path of a file that you may read.';
    throw new UsageError(`Cannot read the kubeconfig ${file}: ${next}`, { cause });
  }
  if (!hasContexts(text)) {
    throw new UsageError(
      `${file} is not a kubeconfig: it names no contexts. Give the path of one that does.`,
    );
  }
  return file;
}

function hasContexts(text: string): boolean {
  try {
    const contexts: unknown = parse(text, { logLevel: 'silent' })?.contexts;
    return Array.isArray(contexts) && contexts.length > 0;
  } catch {
    return false; // Not even YAML.
  }
}
