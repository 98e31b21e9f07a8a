import { commands } from 'vscode';
import { toFailure } from '#cluster/errors.ts';
import type { ClusterConnection, ConnectionView } from './connection.ts';

/** Where the web console of the cluster is, if anywhere. `egressRouter.hasConsole` says so to the menus. */
export class WebConsole {
  readonly #connection: ClusterConnection;
  readonly #log: (line: string) => void;
  /** Asked for once in each context that is connected. */
  #known: { readonly context: string; url?: string } | undefined;

  constructor(connection: ClusterConnection, log: (line: string) => void) {
    this.#connection = connection;
    this.#log = log;
  }

  get url(): string | undefined {
    return this.#known?.url;
  }

  /** To be called with every change of the view. It never connects by itself. */
  update(view: ConnectionView): void {
    if (view.kind !== 'open' || view.snapshot.connection.kind !== 'live') return;
    const { context } = view.snapshot;
    if (this.#known?.context === context) return;
    const known: { readonly context: string; url?: string } = { context };
    this.#known = known;
    this.#tellMenus();
    this.#read(known).catch((error: unknown) => this.#log(`Web console: ${toFailure(error).message}`));
  }

  async #read(known: { readonly context: string; url?: string }): Promise<void> {
    const url = await this.#connection.use(async (session) =>
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
