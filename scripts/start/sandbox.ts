import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { describeEnding, type ProcessGroup, startGroup } from '../process-group.ts';

export interface RunningSandbox {
  readonly group: ProcessGroup;
  readonly kubeconfig: string;
  readonly networking: 'real' | 'simulated';
  /** Why networking is simulated, for a person. */
  readonly reason?: string;
}

interface ReadyLine {
  readonly ready: true;
  readonly kubeconfig: string;
  readonly networking: 'real' | 'simulated';
  readonly reason?: string;
}

const readyTimeoutMs = 120_000;

/** Starts the built sandbox in `folder`, where it keeps all it has; returns when its cluster can be used. */
export async function startSandbox(
  program: string,
  folder: string,
  logFile: string,
  onStarted: (pid: number) => void,
): Promise<RunningSandbox> {
  const group = startGroup(process.execPath, [program, '--dir', folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (group.child.pid !== undefined) onStarted(group.child.pid);
  const tail: string[] = [];
  const log = createWriteStream(logFile);
  if (group.child.stderr !== null) {
    createInterface({ input: group.child.stderr }).on('line', (line) => {
      log.write(`${line}\n`);
      tail.push(line);
      if (tail.length > 20) tail.shift();
    });
  }
  const ready = new Promise<ReadyLine>((resolve, reject) => {
    if (group.child.stdout !== null) {
      createInterface({ input: group.child.stdout }).once('line', (line) => {
        try {
          resolve(JSON.parse(line));
        } catch (cause) {
          reject(new Error(`The sandbox said something else than that it is ready: ${line}`, { cause }));
        }
      });
    }
    void group.ended.then((ending) => {
      reject(new Error(`The sandbox ${describeEnding(ending)}.\n${tail.join('\n')}\nIts log: ${logFile}`));
    });
    setTimeout(() => {
      reject(new Error(`The sandbox was not ready in ${readyTimeoutMs / 1000} s. Its log: ${logFile}`));
    }, readyTimeoutMs).unref();
  });
  try {
    return { group, ...(await ready) };
  } catch (error) {
    await group.stop(20_000);
    throw error;
  }
}
