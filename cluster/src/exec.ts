import { PassThrough, type Readable, type Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { Exec } from '@kubernetes/client-node';
import { at, listAt, textAt } from '#core/json-value.ts';
import { ClusterError } from './errors.ts';
import { loadKubeconfig } from './kubeconfig.ts';

export interface ExecOptions {
  readonly kubeconfigPath: string;
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly argv: readonly string[];
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Absent: the command has no stdin. */
  readonly stdin?: Readable;
}

/**
 * Runs a command in a container, as `kubectl exec` does.
 *
 * @returns its exit code
 * @throws ClusterError when it was not run to its end
 */
export async function execInPod(options: ExecOptions): Promise<number> {
  const { kubeconfigPath, namespace, pod, container, argv, stdout, stderr, stdin } = options;
  const config = loadKubeconfig({ paths: [kubeconfigPath], allowExec: true, env: process.env });
  const out = through(stdout);
  const errors = through(stderr);
  const status = await new Promise<unknown>((resolve, reject) => {
    new Exec(config)
      .exec(namespace, pod, container, [...argv], out, errors, stdin ?? null, false, resolve)
      .then((socket) => {
        socket.onclose = () => reject(broken(options, 'the connection was cut'));
      })
      .catch((cause: unknown) => reject(broken(options, textOf(cause), cause)));
  });
  await Promise.all([drain(out), drain(errors)]);
  if (textAt(status, 'status') === 'Success') return 0;
  const cause = listAt(status, 'details', 'causes').find((entry) => textAt(entry, 'reason') === 'ExitCode');
  const code = Number(textAt(cause, 'message'));
  if (Number.isInteger(code) && code > 0) return code;
  throw broken(options, textAt(status, 'message') ?? 'no reason was given');
}

/** client-node ends the streams it is given, and a process has only one stdout. */
function through(target: Writable): PassThrough {
  const stream = new PassThrough();
  stream.pipe(target, { end: false });
  return stream;
}

/** Resolves when all that was written has been passed on. */
async function drain(stream: PassThrough): Promise<void> {
  stream.end();
  await finished(stream);
}

function broken({ namespace, pod }: ExecOptions, why: string, cause?: unknown): ClusterError {
  const message = `Cannot run a command in pod ${namespace}/${pod}: ${why}.`;
  return new ClusterError({ reason: 'server-error', message }, cause);
}

/** What keeps a command from being run, in words. */
export function textOf(cause: unknown): string {
  if (typeof cause === 'string') return cause;
  // A failed handshake of a WebSocket is an event, with what happened in `message` or `error`; where several addresses
  // were tried, in the `errors` of that. A refused connection may have a code and no words.
  const inner = at(cause, 'error');
  const found = [cause, inner, ...listAt(inner, 'errors'), ...listAt(cause, 'errors')];
  const said = found.map(messageOf).find((text) => text !== '');
  return said ?? 'the cluster cannot be reached';
}

function messageOf(cause: unknown): string {
  if (cause instanceof Error && cause.message !== '') return cause.message;
  return textAt(cause, 'message') || textAt(cause, 'code') || '';
}
