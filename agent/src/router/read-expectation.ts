import { readFile } from 'node:fs/promises';
import { parseNetConf } from '#core/netconf/parse.ts';
import type { Expectation } from './readiness.ts';

/** Reads the file anew each time: the cluster replaces it when the router changes. */
export async function readExpectation(path: string | undefined): Promise<Expectation> {
  if (path === undefined || path === '') return { kind: 'none' };
  try {
    const { conf, problems } = parseNetConf(JSON.parse(await readFile(path, 'utf8')));
    if (conf !== undefined) return { kind: 'known', conf };
    return { kind: 'unreadable', reason: `${path}: ${problems.map(({ message }) => message).join(' ')}` };
  } catch (error) {
    return { kind: 'unreadable', reason: error instanceof Error ? error.message : String(error) };
  }
}
