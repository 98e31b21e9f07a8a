import {
  type CancellationToken,
  type CompletionList,
  commands,
  type Disposable,
  type Position,
  type Range,
  type TextDocument,
  window,
  workspace,
} from 'vscode';
import type { Path } from '#core/problem.ts';
import type { DocumentsResult, DraftResult, MigrationResult, TextPosition } from '#core/protocol.ts';
import { t } from './l10n.ts';
import type { LanguageServer, ManifestsUpdate } from './language-server.ts';
import { CommandError } from './report.ts';
import {
  holdsLegacy,
  holdsRouter,
  isManifestLanguage,
  startsServer,
  surelyHoldsRouter,
} from './served-documents.ts';

/** How long typing has to pause before a text is scanned again. */
const scanDelayMs = 150;

/**
 * Looks at the texts of the editors and starts the language server when the first of them may concern egress
 * routers. Until then there is no process, only the scan.
 */
export class Language {
  readonly #start: () => Promise<LanguageServer>;
  readonly #onFailure: (error: unknown) => void;
  readonly #subscriptions: Disposable[];
  #server: Promise<LanguageServer> | undefined;
  /** Null while no cluster is connected. */
  #clusterFacts: unknown = null;
  #hasFailed = false;
  /** VS Code asks the server itself from now on. */
  #isServing = false;
  readonly #changed = new Set<TextDocument>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The text that `egressRouter.inEditor` is about. */
  #judged: TextDocument | undefined;

  constructor(start: () => Promise<LanguageServer>, onFailure: (error: unknown) => void) {
    this.#start = start;
    this.#onFailure = onFailure;
    this.#subscriptions = [
      workspace.onDidOpenTextDocument((document) => this.#look([document])),
      workspace.onDidChangeTextDocument(({ document }) => this.#lookSoon(document)),
      window.onDidChangeActiveTextEditor(() => this.#setContext()),
    ];
    this.#look(workspace.textDocuments);
    this.#setContext();
  }

  get hasStarted(): boolean {
    return this.#server !== undefined;
  }

  /** For a text that holds nothing yet, and so has not started the server. @returns undefined where that serves */
  async beginnings(
    document: TextDocument,
    position: Position,
    token: CancellationToken,
  ): Promise<CompletionList | undefined> {
    if (this.#isServing || this.#hasFailed) return undefined;
    const server = await this.#running().catch(this.#onFailure);
    return token.isCancellationRequested ? undefined : server?.completions(document, position, token);
  }

  /** The EgressRouter documents of the text as it is now, unsaved changes included. Starts the server. */
  async documents(document: TextDocument, token?: CancellationToken): Promise<DocumentsResult> {
    const server = await this.#running();
    let result = await server.documents(document, token);
    // The person types on meanwhile: ask again for what the text is now.
    for (let asked = 1; result.version !== document.version && asked < 5; asked += 1) {
      result = await server.documents(document, token);
    }
    if (result.version === document.version) return result;
    throw new CommandError(
      t`${workspace.asRelativePath(document.uri)} changes faster than it can be read. Try again when it rests.`,
    );
  }

  /** What the first router of OpenShift SDN in the range becomes; null where there is none. Starts the server. */
  async migration(document: TextDocument, range: Range): Promise<MigrationResult | null> {
    return (await this.#running()).migration(document, range);
  }

  /** All of the file with another value in the document at a position; undefined where that cannot be written so. */
  async asWritten(
    document: TextDocument,
    position: TextPosition,
    value: unknown,
  ): Promise<string | undefined> {
    return (await this.#running()).asWritten(document, position, value);
  }

  /** Where the routers of the workspace are written: now, and whenever that changes. Starts the server. */
  async followManifests(listener: (update: ManifestsUpdate) => void): Promise<void> {
    await (await this.#running()).followManifests(listener);
  }

  /** What helps to fill in a field of a router that is being written. Starts the server. */
  async draft(path: Path, value: unknown): Promise<DraftResult> {
    return (await this.#running()).draft(path, value);
  }

  /** Plain data as YAML. Starts the server. */
  async toYaml(value: unknown): Promise<string> {
    return (await this.#running()).toYaml(value);
  }

  /** Tells the server what is known of the cluster, now or as soon as it runs; null takes all of it back. */
  setClusterFacts(facts: unknown): void {
    this.#clusterFacts = facts;
    this.#server?.then(
      async (server) => server.setClusterFacts(facts),
      () => undefined, // its failure was told
    );
  }

  async dispose(): Promise<void> {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    const server = await this.#server?.catch(() => undefined); // its failure was told
    await server?.dispose();
  }

  #running(): Promise<LanguageServer> {
    if (this.#server !== undefined) return this.#server;
    const server = this.#started();
    this.#server = server;
    server.catch(() => {
      // Told once, not with every key: only a command that needs the server tries again.
      this.#hasFailed = true;
      if (this.#server === server) this.#server = undefined;
    });
    return server;
  }

  async #started(): Promise<LanguageServer> {
    const server = await this.#start();
    this.#isServing = true;
    if (this.#clusterFacts !== null) await server.setClusterFacts(this.#clusterFacts);
    return server;
  }

  #look(documents: readonly TextDocument[]): void {
    if (this.#server !== undefined || this.#hasFailed || !documents.some(startsServer)) return;
    this.#running().catch(this.#onFailure);
  }

  #lookSoon(document: TextDocument): void {
    if (!isManifestLanguage(document)) return;
    this.#changed.add(document);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#look([...this.#changed]);
      this.#changed.clear();
      this.#setContext();
    }, scanDelayMs);
  }

  /** `egressRouter.inEditor`, `…legacyInEditor`: the active editor has a router to act on, or one to migrate. */
  #setContext(): void {
    const document = window.activeTextEditor?.document;
    const legacyInEditor = document !== undefined && holdsLegacy(document);
    void commands.executeCommand('setContext', 'egressRouter.legacyInEditor', legacyInEditor);
    const isOther = document !== this.#judged;
    this.#judged = document;
    if (document === undefined || !holdsRouter(document)) this.#setInEditor(false);
    else if (surelyHoldsRouter(document)) this.#setInEditor(true);
    else {
      // What is shown for the text before stays while the same one is typed in: no flicker.
      if (isOther) this.#setInEditor(false);
      void this.#judge(document);
    }
  }

  /** A comment or a role may name routers as well: the server knows. */
  async #judge(document: TextDocument): Promise<void> {
    let holds = true;
    try {
      holds = this.#hasFailed || (await this.documents(document)).documents.length > 0;
    } catch {
      // Told where the server is started, or the text is being typed in: by the scan, then.
    }
    if (window.activeTextEditor?.document === document) this.#setInEditor(holds);
  }

  #setInEditor(value: boolean): void {
    void commands.executeCommand('setContext', 'egressRouter.inEditor', value);
  }
}
