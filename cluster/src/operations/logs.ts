import { setTimeout as delay } from 'node:timers/promises';
import { at, listAt, numberAt, textAt } from '#core/json-value.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import type { LogOptions } from '../api.ts';
import type { Connection } from '../connect.ts';
import { ClusterError } from '../errors.ts';
import { kinds } from '../kinds.ts';
import type { ObjectName } from '../object-ref.ts';
import { findObject } from '../objects.ts';

/** UTF-16 code units, about: nobody reads on, and a container may write without an end of line for hours. */
const longestLine = 100_000;

/** Between two looks at a container that has no log yet, or has ended. */
const defaultPollMs = 1500;

/**
 * What the containers of a pod write, line by line, with the run before where one has crashed. Goes on over restarts
 * until the pod is gone, or returns at the end of what there is. Lines of ours stand in brackets.
 *
 * @throws ClusterError
 */
export async function readLogs(connection: Connection, pod: ObjectName, options: LogOptions): Promise<void> {
  const { signal, onLines } = options;
  const found = await findObject(connection, kinds.pod, pod, signal);
  if (found === undefined) throw podGone(pod);
  const names = listAt(found, 'spec', 'containers').flatMap((entry) => textAt(entry, 'name') ?? []);
  const isAlone = names.length < 2;
  await Promise.all(
    names.map((container) =>
      new ContainerLog(connection, pod, container, {
        ...options,
        onLines: isAlone ? onLines : (lines) => onLines(lines.map((line) => `${container}: ${line}`)),
      }).read(),
    ),
  );
}

class ContainerLog {
  readonly #connection: Connection;
  readonly #pod: ObjectName;
  readonly #container: string;
  readonly #options: LogOptions;
  #said = '';

  constructor(connection: Connection, pod: ObjectName, container: string, options: LogOptions) {
    this.#connection = connection;
    this.#pod = pod;
    this.#container = container;
    this.#options = options;
  }

  async read(): Promise<void> {
    const { signal, follow, pollMs = defaultPollMs } = this.#options;
    /** The restarts of the run whose log was read last. */
    let last: number | undefined;
    /** When that log was cut off before its end. */
    let cutAtMs: number | undefined;
    for (let isFirst = true; ; isFirst = false) {
      const pod = await findObject(this.#connection, kinds.pod, this.#pod, signal);
      if (pod === undefined) return this.#say(`Pod ${this.#pod.namespace}/${this.#pod.name} is gone.`);
      const run = runOf(pod, this.#container);
      if (isFirst && run.before !== undefined) {
        this.#say(`The run before ended with ${run.before}. Its log:`);
        await this.#pass({ previous: 'true' }).catch(noLongerKept);
      }
      if (run.hasStarted && run.restarts !== last) {
        if (last !== undefined || run.before !== undefined) this.#say(`Run ${run.restarts + 1}:`);
        cutAtMs = await this.#pass(follow ? { follow: 'true' } : {});
        last = run.restarts;
      } else if (run.hasStarted && cutAtMs !== undefined) {
        // Whole seconds: rather a line twice than one that is missing.
        const sinceSeconds = String(Math.ceil((performance.now() - cutAtMs) / 1000) + 1);
        this.#say('The connection was cut. The log goes on, with the last lines again:');
        cutAtMs = await this.#pass({ follow: 'true', sinceSeconds });
      } else {
        if (run.waits !== undefined) this.#say(run.waits);
        if (!follow) return;
        await delay(pollMs, undefined, { signal }).catch(() => undefined); // The next request says so.
      }
      if (!follow) return;
      // What has cut one may cut the next at once.
      if (cutAtMs !== undefined) await delay(pollMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** @returns when it was cut off; undefined where it was read to its end */
  async #pass(query: Readonly<Record<string, string>>): Promise<number | undefined> {
    const { signal, tailLines, onLines } = this.#options;
    const stream = await this.#connection.stream({
      verb: 'get',
      kind: kinds.pod,
      ...this.#pod,
      subresource: 'log',
      query: { container: this.#container, tailLines: String(tailLines), ...query },
      signal,
    });
    const decoder = new TextDecoder();
    let rest = '';
    let cutAtMs: number | undefined;
    try {
      for await (const chunk of stream) {
        // Only what is new is looked through: a line may go on for very long, and is then cut.
        const [first = '', ...more] = decoder.decode(chunk, { stream: true }).split('\n');
        const lines = [rest.length < longestLine ? rest + first : rest, ...more];
        rest = lines.pop() ?? '';
        if (lines.length > 0) onLines(lines);
      }
    } catch (cause) {
      // Of an answer that was cut off the lines are kept, and the next look at the pod tells what has happened.
      if (signal.aborted) {
        throw new ClusterError({ reason: 'canceled', message: 'Canceled: reading a log.' }, cause);
      }
      cutAtMs = performance.now();
    }
    if (rest !== '') onLines([rest]);
    return cutAtMs;
  }

  /** Once, however often it is seen. */
  #say(line: string): void {
    if (this.#said === line) return;
    this.#said = line;
    this.#options.onLines([`[${line}]`]);
  }
}

interface Run {
  readonly restarts: number;
  readonly hasStarted: boolean;
  /** How the run before ended, where it failed. */
  readonly before?: string;
  /** Why there is no more to read. */
  readonly waits?: string;
}

function runOf(pod: KubernetesObject, container: string): Run {
  const status = listAt(pod, 'status', 'containerStatuses').find((one) => textAt(one, 'name') === container);
  const before = ending(at(status, 'lastState', 'terminated'));
  const ended = ending(at(status, 'state', 'terminated'));
  const reason = textAt(status, 'state', 'waiting', 'reason');
  const message = textAt(status, 'state', 'waiting', 'message');
  const why = [reason, message].filter((text) => text !== undefined && text !== '').join(': ');
  const waits =
    ended === undefined
      ? status === undefined || reason !== undefined
        ? `The container has nothing running${why === '' ? '' : ` (${why})`}.`
        : undefined
      : `The container ended with ${ended}.`;
  return {
    restarts: numberAt(status, 'restartCount') ?? 0,
    hasStarted: at(status, 'state', 'running') !== undefined || ended !== undefined,
    ...(before === undefined ? {} : { before }),
    ...(waits === undefined ? {} : { waits }),
  };
}

function ending(terminated: unknown): string | undefined {
  const code = numberAt(terminated, 'exitCode');
  if (code === undefined) return undefined;
  const reason = textAt(terminated, 'reason');
  return `exit code ${code}${reason === undefined ? '' : ` (${reason})`}`;
}

/** The kubelet keeps one run before the present one, and not for ever. */
function noLongerKept(error: unknown): void {
  if (!ClusterError.is(error, 'invalid', 'not-found', 'server-error')) throw error;
}

function podGone({ namespace, name }: ObjectName): ClusterError {
  const message = `Pod ${namespace}/${name} is gone, and its log with it.`;
  return new ClusterError({ reason: 'not-found', message });
}
