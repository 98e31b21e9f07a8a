import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { t } from '#client/l10n.ts';

/** As long as a slow machine may take. */
const readyTimeoutMs = 120_000;
const stopTimeoutMs = 20_000;

export interface SandboxProcessOptions {
  /** The bundle `sandbox.mjs`. */
  readonly program: string;
  /** Where the sandbox keeps what it has; one sandbox for each. */
  readonly folder: string;
  /** What its kubeconfig calls the context. */
  readonly context: string;
  readonly signal: AbortSignal;
  readonly onLine: (line: string) => void;
}

export type SandboxStart =
  | { readonly kind: 'running'; readonly process: SandboxProcess }
  /** Of another window. */
  | { readonly kind: 'running-elsewhere'; readonly pid: number }
  /** What was made of it is taken back. */
  | { readonly kind: 'failed'; readonly message: string };

/** A sandbox cluster that is ready. It ends with this process, whatever ends that. */
export interface SandboxProcess {
  readonly networking: 'real' | 'simulated';
  /** Why the network is simulated. */
  readonly reason?: string;
  /** Resolves with what its end looked like. */
  readonly ended: Promise<string>;
  /** Takes down all that the sandbox has made. */
  stop(): Promise<void>;
}

/** Rejects with an AbortError when it was aborted, and what was made of it is taken back. */
export async function startSandboxProcess(options: SandboxProcessOptions): Promise<SandboxStart> {
  const { program, folder, context, signal, onLine } = options;
  const child = spawn(process.execPath, [program, '--dir', folder, '--context', context, '--tied'], {
    // In a desktop VS Code this is no Node.js unless it is told to be one.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    // Open for as long as this process lives: at its end the sandbox cleans up.
    stdio: ['pipe', 'pipe', 'pipe'],
    // Else what ends a group of processes would not leave it the time to.
    detached: process.platform !== 'win32',
  });
  let lastLine = '';
  createInterface({ input: child.stderr }).on('line', (line) => {
    lastLine = line;
    onLine(line);
  });
  const ended = endOf(child);
  const stop = async () => stopChild(child, ended);
  const said = new Promise<Said | undefined>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => resolve(parseSaid(line)));
  });
  const told = await firstOf(said, ended, signal);
  switch (told.kind) {
    case 'said':
      if (told.said?.ready === true) {
        const { networking, reason } = told.said;
        return {
          kind: 'running',
          process: { networking, ...(reason === undefined ? {} : { reason }), ended, stop },
        };
      }
      await stop();
      return told.said === undefined
        ? failed(t`The sandbox does not start: it does not say that it is ready.`)
        : { kind: 'running-elsewhere', pid: told.said.runningAs };
    case 'ended':
      return failed(t`The sandbox does not start (${told.how}).${lastLine === '' ? '' : ` ${lastLine}`}`);
    case 'too-slow':
      await stop();
      signal.throwIfAborted();
      return failed(t`The sandbox was not ready within ${readyTimeoutMs / 1000} s.`);
  }
}

function failed(message: string): SandboxStart {
  return { kind: 'failed', message };
}

type Said =
  | { readonly ready: true; readonly networking: 'real' | 'simulated'; readonly reason?: string }
  | { readonly ready: false; readonly runningAs: number };

type Told =
  | { readonly kind: 'said'; readonly said: Said | undefined }
  | { readonly kind: 'ended'; readonly how: string }
  /** Or it was aborted. */
  | { readonly kind: 'too-slow' };

async function firstOf(
  said: Promise<Said | undefined>,
  ended: Promise<string>,
  signal: AbortSignal,
): Promise<Told> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const waiting = new Promise<Told>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'too-slow' }), readyTimeoutMs);
    signal.addEventListener('abort', () => resolve({ kind: 'too-slow' }), { once: true });
    if (signal.aborted) resolve({ kind: 'too-slow' });
  });
  try {
    return await Promise.race([
      waiting,
      said.then((value): Told => ({ kind: 'said', said: value })),
      ended.then((how): Told => ({ kind: 'ended', how })),
    ]);
  } finally {
    clearTimeout(timer);
  }
}

function parseSaid(line: string): Said | undefined {
  const value = toRecord(line);
  const { ready, networking, reason, runningAs } = value;
  if (ready === false && typeof runningAs === 'number') return { ready, runningAs };
  if (ready !== true || (networking !== 'real' && networking !== 'simulated')) return undefined;
  return typeof reason === 'string' ? { ready, networking, reason } : { ready, networking };
}

function toRecord(json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {}; // Something else than what was waited for.
  }
}

/** Resolves once all of its output was read, too. */
function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', ({ message }) => resolve(message));
    child.once('close', (code, signal) =>
      resolve(signal === null ? t`exit code ${code ?? 0}` : t`ended by ${signal}`),
    );
    // Writing to one that has ended is no fault of ours.
    child.stdin?.on('error', () => undefined);
  });
}

async function stopChild(child: ChildProcess, ended: Promise<string>): Promise<void> {
  child.stdin?.end();
  const killing = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
  await ended;
  clearTimeout(killing);
}
