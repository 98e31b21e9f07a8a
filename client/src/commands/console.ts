import { commands, env, Uri } from 'vscode';
import type { ConnectionView } from '#client/cluster/connection.ts';
import { t } from '#client/l10n.ts';
import { CommandError } from '#client/report.ts';
import { toFailure } from '#cluster/errors.ts';
import { consoleAddress } from './console-address.ts';
import type { Desk } from './desk.ts';
import { findObject } from './object.ts';

/** The web console of the cluster, where one is known. `egressRouter.hasConsole` says so to the menus. */
export class WebConsole {
  readonly #desk: Desk;
  /** Asked for once in each context that is connected. */
  #known: { readonly context: string; url?: string } | undefined;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** To be called with every change of the view. It never connects by itself. */
  update(view: ConnectionView): void {
    if (view.kind !== 'open' || view.snapshot.connection.kind !== 'live') return;
    const { context } = view.snapshot;
    if (this.#known?.context === context) return;
    const known: { readonly context: string; url?: string } = { context };
    this.#known = known;
    this.#tellMenus();
    this.#read(known).catch((error: unknown) =>
      this.#desk.log.info(`Web console: ${toFailure(error).message}`),
    );
  }

  async open(argument: unknown): Promise<void> {
    const ref = await this.#desk.connection.use((session) =>
      findObject(this.#desk, session, argument, t`Open which egress router in the console?`),
    );
    if (ref === undefined) return;
    const url = this.#known?.url;
    if (url === undefined) {
      throw new CommandError(t`The cluster names no web console. Open Live Object shows the object here.`);
    }
    await env.openExternal(Uri.parse(consoleAddress(url, ref), true));
  }

  async #read(known: { readonly context: string; url?: string }): Promise<void> {
    const url = await this.#desk.connection.use(async (session) =>
      session.context === known.context ? session.consoleUrl(AbortSignal.timeout(readTimeoutMs)) : undefined,
    );
    if (this.#known !== known || url === undefined) return;
    known.url = url;
    this.#tellMenus();
  }

  #tellMenus(): void {
    void commands.executeCommand('setContext', 'egressRouter.hasConsole', this.#known?.url !== undefined);
  }
}

const readTimeoutMs = 15_000;
