import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { commands, type LogOutputChannel, window } from 'vscode';
import type { Selection } from '#client/cluster/connection.ts';
import { type Desk, offer } from '#client/commands/desk.ts';
import { t } from '#client/l10n.ts';
import { CommandError } from '#client/report.ts';
import { told } from '#client/told.ts';
import { watchProcess } from './process-watch.ts';
import { sandboxContext } from './sandbox-context.ts';
import { type SandboxProcess, startSandboxProcess } from './sandbox-process.ts';

export interface SandboxClusterOptions {
  /** The bundle `sandbox.mjs` of this extension. */
  readonly program: string;
  /** The same for every window of this machine's user. */
  readonly folder: string;
  /** Its kubeconfig has come or gone. */
  readonly onKubeconfig: () => void;
  /** True where what this window was started for is a sandbox: a second one would be empty, and no terminal's. */
  readonly isGiven: () => boolean;
}

/** The cluster on this machine that a newcomer can try routers in: one for all windows, ended by the one that started it. */
export class SandboxCluster {
  readonly #options: SandboxClusterOptions;
  #state: State = { kind: 'stopped' };
  #channel: LogOutputChannel | undefined;
  /** Looks whether the sandbox of another window still runs. */
  #elsewhere: { dispose(): void } | undefined;

  constructor(options: SandboxClusterOptions) {
    this.#options = options;
  }

  /** To be read after those of the person; empty while there is no sandbox. */
  get kubeconfigPaths(): readonly string[] {
    return this.#state.kind === 'running' ? [join(this.#options.folder, 'kubeconfig')] : [];
  }

  /** Starts it, or joins the one of another window, and looks at it. */
  async start(desk: Desk): Promise<void> {
    if (this.#options.isGiven()) {
      await commands.executeCommand('egressRouters.focus');
      void desk.dialogs.tell('information', t`This window has a sandbox already: the view shows it.`, []);
      return;
    }
    const state = this.#state;
    if (state.kind === 'starting') throw new CommandError(t`The sandbox is starting already.`);
    // One of another window may have ended meanwhile, and nothing tells: then starting it is not joining it.
    if (state.kind === 'stopped' || state.process === undefined) await this.#start(desk);
    if (desk.connection.selection.context !== sandboxContext) await desk.select({ context: sandboxContext });
    await commands.executeCommand('egressRouters.focus');
  }

  async stop(desk: Desk): Promise<void> {
    const state = this.#state;
    if (state.kind !== 'running') throw new CommandError(t`No sandbox runs that this window has started.`);
    if (state.process === undefined) {
      throw new CommandError(
        t`The sandbox was started by another window of VS Code (process ${state.pid ?? 0}). Stop it there.`,
      );
    }
    const { process } = state;
    await this.#leave(desk, state);
    await desk.dialogs.progress(t`Stopping the sandbox cluster`, () => process.stop());
  }

  async dispose(): Promise<void> {
    this.#elsewhere?.dispose();
    const { process } = this.#state.kind === 'running' ? this.#state : { process: undefined };
    await process?.stop();
    this.#channel?.dispose();
  }

  async #start(desk: Desk): Promise<void> {
    const { program, folder, onKubeconfig } = this.#options;
    const before = this.#state.kind === 'running' ? this.#state.before : desk.connection.selection;
    this.#set({ kind: 'starting' });
    try {
      await mkdir(folder, { recursive: true });
      this.#channel ??= window.createOutputChannel('Egress Router Sandbox', { log: true });
      const channel = this.#channel;
      const started = await desk.dialogs.progress(t`Starting the sandbox cluster`, (_, signal) =>
        startSandboxProcess({
          program,
          folder,
          context: sandboxContext,
          signal,
          onLine: (line) => channel.info(line),
        }),
      );
      switch (started.kind) {
        case 'running':
          this.#set({ kind: 'running', process: started.process, before });
          this.#watch(desk, started.process);
          break;
        case 'failed':
          throw new CommandError(started.message);
        case 'running-elsewhere':
          this.#set({ kind: 'running', pid: started.pid, before });
          this.#watchElsewhere(desk, started.pid);
          break;
      }
      onKubeconfig();
    } finally {
      if (this.#state.kind === 'starting') this.#set({ kind: 'stopped' });
    }
  }

  #watch(desk: Desk, process: SandboxProcess): void {
    const { networking, reason, ended } = process;
    this.#channel?.info(`Ready; its network is ${networking}${reason === undefined ? '' : `: ${reason}`}.`);
    if (networking === 'simulated') {
      const why = t`The routers of the sandbox are simulated, and move no packets: ${reason === undefined ? t`asked for` : told(reason)}.`;
      void desk.dialogs.tell('information', why, []);
    }
    void ended.then(async (how) => {
      this.#channel?.info(`The sandbox has ended: ${how}.`);
      const state = this.#state;
      if (state.kind !== 'running' || state.process !== process) return;
      await this.#leave(desk, state);
      void desk.dialogs.tell('warning', t`The sandbox has ended by itself (${how}).`, []);
    });
  }

  /** The window that had started it may be closed at any time, and takes it along. */
  #watchElsewhere(desk: Desk, pid: number): void {
    this.#elsewhere?.dispose();
    this.#elsewhere = watchProcess(pid, () => {
      const state = this.#state;
      if (state.kind !== 'running' || state.pid !== pid) return;
      void desk.run(t`Sandbox cluster`, async () => {
        await this.#leave(desk, state);
        const message = t`The sandbox has ended: the window of VS Code that had started it has stopped it or was closed.`;
        offer(desk, message, t`Start Sandbox Cluster`, () => this.start(desk));
      });
    });
  }

  /** Back to the cluster that was looked at before. */
  async #leave(desk: Desk, { before }: Extract<State, { kind: 'running' }>): Promise<void> {
    this.#set({ kind: 'stopped' });
    this.#options.onKubeconfig();
    if (desk.connection.selection.context === sandboxContext) await desk.select(before);
    else desk.connection.reopen();
  }

  #set(state: State): void {
    this.#state = state;
    void commands.executeCommand('setContext', 'egressRouter.sandbox', state.kind);
  }
}

type State =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'starting' }
  /** Without a process it is that of another window. */
  | {
      readonly kind: 'running';
      readonly process?: SandboxProcess;
      readonly pid?: number;
      readonly before: Selection;
    };
