import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import {
  createMessageConnection,
  type MessageConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';

const uri = 'file:///bench/routers.yaml';

/** An editor with one file open in a language server that runs as a process. */
export class EditorClient {
  readonly #child: ChildProcess;
  readonly #connection: MessageConnection;
  readonly #settings: unknown;
  #version = 1;
  #onDiagnostics: ((params: PublishDiagnosticsParams) => void) | undefined;

  constructor(root: string, command: readonly string[], schemaFile: string) {
    this.#settings = yamlSettings(schemaFile);
    const child = spawn(process.execPath, command, { cwd: root, stdio: ['pipe', 'pipe', 'ignore'] });
    this.#child = child;
    this.#connection = createMessageConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    this.#connection.onRequest(
      'workspace/configuration',
      ({ items }: { items: readonly { section?: string }[] }) =>
        items.map(({ section }) => (section === 'yaml' ? this.#settings : {})),
    );
    this.#connection.onRequest('client/registerCapability', () => null);
    this.#connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) =>
      this.#onDiagnostics?.(params),
    );
    this.#connection.listen();
  }

  async initialize(): Promise<void> {
    await this.#connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities: {
        workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true } },
        textDocument: {
          publishDiagnostics: { relatedInformation: true },
          completion: { completionItem: { snippetSupport: true, documentationFormat: ['markdown'] } },
          hover: { contentFormat: ['markdown'] },
          documentSymbol: { hierarchicalDocumentSymbolSupport: true },
        },
      },
      initializationOptions: { commands: true },
    });
    await this.#connection.sendNotification('initialized', {});
    const settings = { yaml: this.#settings };
    await this.#connection.sendNotification('workspace/didChangeConfiguration', { settings });
  }

  /** Until the server has told of as many faults as there are. */
  async open(text: string, faults: number): Promise<void> {
    const told = this.#told(faults);
    const textDocument = { uri, languageId: 'yaml', version: this.#version, text };
    await this.#connection.sendNotification('textDocument/didOpen', { textDocument });
    await told;
  }

  /** A keystroke, until the server has told of as many faults as there are then. */
  async replace(line: number, character: number, from: string, to: string, faults: number): Promise<void> {
    const told = this.#told(faults);
    this.#version += 1;
    const end = from.endsWith('\n')
      ? { line: line + 1, character: 0 }
      : { line, character: character + from.length };
    await this.#connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: this.#version },
      contentChanges: [{ range: { start: { line, character }, end }, text: to }],
    });
    await told;
  }

  ask(method: string, position?: { readonly line: number; readonly character: number }): Promise<unknown> {
    return this.#connection.sendRequest(method, { textDocument: { uri }, ...(position && { position }) });
  }

  /** In MB: all that the process has in memory, and its share of it where others have it too. */
  memory(): { readonly rss: number; readonly pss: number } {
    const sizes = readFileSync(`/proc/${this.#child.pid}/smaps_rollup`, 'utf8');
    const kilobytes = (name: string): number =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(sizes)?.[1]);
    return { rss: kilobytes('Rss') / 1024, pss: kilobytes('Pss') / 1024 };
  }

  /** As editors end it. */
  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit');
    await this.#connection.sendRequest('shutdown');
    await this.#connection.sendNotification('exit');
    await ended;
    this.#connection.dispose();
  }

  #told(faults: number): Promise<void> {
    return new Promise((resolve) => {
      this.#onDiagnostics = (params) => {
        if (params.uri === uri && params.diagnostics.length === faults) resolve();
      };
    });
  }
}

function yamlSettings(schemaFile: string): unknown {
  return {
    validate: true,
    hover: true,
    completion: true,
    schemaStore: { enable: false },
    kubernetesCRDStore: { enable: false },
    schemas: { [`file://${schemaFile}`]: '*.yaml' },
  };
}
