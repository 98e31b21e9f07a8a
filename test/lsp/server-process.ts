import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import {
  type CompletionItem,
  type CompletionList,
  createMessageConnection,
  type InitializeResult,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';

export const serverPath = fileURLToPath(new URL('../../dist/server.mjs', import.meta.url));

/** The built language server as a process, with a client connected to it. */
export class ServerProcess {
  readonly process: ChildProcess;
  readonly connection: MessageConnection;
  readonly diagnostics: PublishDiagnosticsParams[] = [];
  /** Everything but protocol: what went to standard error, and log messages. */
  readonly log: string[] = [];
  readonly #waiting = new Set<() => void>();

  /** @param wrapper A command that runs the server as its argument, such as `unshare -n`. */
  static overStdio(wrapper: readonly string[] = []): ServerProcess {
    const [command, ...args] = [...wrapper, process.execPath, serverPath, '--stdio'] as const;
    const child = spawn(command ?? process.execPath, args, { stdio: 'pipe' });
    const reader = new StreamMessageReader(child.stdout);
    return new ServerProcess(child, createMessageConnection(reader, new StreamMessageWriter(child.stdin)));
  }

  /** As VS Code's client does it. */
  static overIpc(): ServerProcess {
    const child = fork(serverPath, ['--node-ipc'], { stdio: 'pipe' });
    return new ServerProcess(
      child,
      createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child)),
    );
  }

  private constructor(child: ChildProcess, connection: MessageConnection) {
    this.process = child;
    this.connection = connection;
    child.stderr?.on('data', (data: Buffer) => this.log.push(String(data)));
    connection.onNotification('window/logMessage', ({ message }: { message: string }) => {
      this.log.push(message);
    });
    connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      this.diagnostics.push(params);
      for (const look of this.#waiting) look();
    });
    connection.onError(() => undefined); // a server that was killed: the test looks at its exit
    // What it has not answered by then it never will.
    child.once('close', () => connection.dispose());
    connection.listen();
  }

  async initialize(
    initializationOptions: unknown = { commands: true },
    capabilities: object = defaultCapabilities,
    folders: readonly string[] = [],
  ): Promise<InitializeResult> {
    const result = await this.connection.sendRequest<InitializeResult>('initialize', {
      processId: process.pid,
      rootUri: null,
      ...(folders.length === 0 ? {} : { workspaceFolders: folders.map((uri) => ({ uri, name: uri })) }),
      capabilities,
      initializationOptions,
    });
    await this.connection.sendNotification('initialized', {});
    return result;
  }

  async open(uri: string, text: string, languageId = 'yaml'): Promise<void> {
    const textDocument = { uri, languageId, version: 1, text };
    await this.connection.sendNotification('textDocument/didOpen', { textDocument });
  }

  async change(uri: string, version: number, contentChanges: readonly unknown[]): Promise<void> {
    const params = { textDocument: { uri, version }, contentChanges };
    await this.connection.sendNotification('textDocument/didChange', params);
  }

  request<T>(method: string, params: unknown): Promise<T> {
    return this.connection.sendRequest<T>(method, params);
  }

  async completions(params: unknown): Promise<CompletionItem[]> {
    return (await this.request<CompletionList>('textDocument/completion', params)).items;
  }

  /** The diagnostics of one version of a document: those pushed already, or else the next. */
  async diagnosticsOf(uri: string, version = 1): Promise<PublishDiagnosticsParams> {
    return new Promise((resolve, reject) => {
      this.process.once('close', () => reject(new Error(`The server has ended: ${this.log.join('')}`)));
      const look = (): void => {
        const found = this.diagnostics.find((one) => one.uri === uri && one.version === version);
        if (found === undefined) return;
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** Ends the server as the protocol says. */
  async stop(): Promise<number | null> {
    await this.request('shutdown', undefined);
    const ended = this.exit();
    await this.connection.sendNotification('exit');
    return ended;
  }

  async exit(): Promise<number | null> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return this.process.exitCode;
    await once(this.process, 'exit');
    return this.process.exitCode;
  }

  /** For the end of a test, however it went. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.connection.dispose();
    if (this.process.exitCode === null && this.process.signalCode === null) {
      this.process.kill('SIGKILL');
      await once(this.process, 'exit');
    }
  }
}

const defaultCapabilities = {
  textDocument: {
    completion: { completionItem: { snippetSupport: true, documentationFormat: ['markdown'] } },
    hover: { contentFormat: ['markdown'] },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    rename: { prepareSupport: true },
  },
};
