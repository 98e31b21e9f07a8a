import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { ServerProcess } from '../lsp/server-process.ts';
import { type Edit, fileNames, type Step } from './steps.ts';

/** A server that took too long, said that something failed, or told something else than it should. */
export class Fault extends Error {}

/** An editor that plays steps on a server, and knows the texts that come of them. */
export class Editor implements AsyncDisposable {
  readonly server: ServerProcess;
  readonly #files = new Map<string, { text: string; version: number }>();
  readonly #deadlineMs: number;

  private constructor(server: ServerProcess, deadlineMs: number) {
    this.server = server;
    this.#deadlineMs = deadlineMs;
  }

  static async start(deadlineMs: number): Promise<Editor> {
    const editor = new Editor(ServerProcess.overStdio(), deadlineMs);
    await editor.#inTime('initialize', editor.server.initialize({ commands: true }, capabilities));
    return editor;
  }

  async play(step: Step): Promise<void> {
    const uri = uriOf(step.file);
    const file = this.#files.get(uri);
    if (step.kind === 'open') {
      await this.close(uri);
      await this.open(uri, step.text);
    } else if (file === undefined) return;
    else if (step.kind === 'close') await this.close(uri);
    else if (step.kind === 'change') {
      file.version += 1;
      const changes = step.edits.map((edit) => applied(file, edit));
      await this.server.change(uri, file.version, changes);
    } else await this.ask(step.method, uri, step.at % (file.text.length + 1));
  }

  async open(uri: string, text: string): Promise<void> {
    this.#files.set(uri, { text, version: 1 });
    await this.server.open(uri, text);
  }

  async close(uri: string): Promise<void> {
    if (!this.#files.delete(uri)) return;
    await this.server.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  }

  async closeAll(): Promise<void> {
    for (const uri of Array.from(this.#files.keys())) await this.close(uri);
  }

  async ask(method: string, uri: string, offset = 0): Promise<unknown> {
    const position = positionAt(this.#files.get(uri)?.text ?? '', offset);
    const params = {
      textDocument: { uri },
      position,
      positions: [position],
      range: { start: position, end: position },
      context: { diagnostics: [], includeDeclaration: true },
      options: { tabSize: 2, insertSpaces: true },
    };
    return this.#inTime(
      `${method} ${uri}`,
      this.server.request(method, params).catch((error: unknown) => {
        // Asked of a text that has changed since.
        if (String(error).includes('has changed since')) return undefined;
        throw new Fault(`${method} failed: ${String(error)}`);
      }),
    );
  }

  get texts(): ReadonlyMap<string, string> {
    return new Map([...this.#files].map(([uri, { text }]) => [uri, text]));
  }

  /** All that the server tells of its open files without being told where to look. */
  async told(): Promise<Readonly<Record<string, unknown>>> {
    const told: Record<string, unknown> = {};
    for (const uri of [...this.#files.keys()].toSorted()) {
      told[uri] = {
        symbols: await this.ask('textDocument/documentSymbol', uri),
        lenses: await this.ask('textDocument/codeLens', uri),
        diagnostics: this.#shown(uri),
      };
    }
    return told;
  }

  /** What the server tells once it is done, which is when it tells what is wanted, or else when its time is up. */
  async settlesOn(wanted: unknown): Promise<{ readonly told: unknown; readonly isWanted: boolean }> {
    const started = performance.now();
    for (;;) {
      const told = await this.told();
      const isWanted = isDeepStrictEqual(told, wanted);
      if (isWanted || performance.now() - started > this.#deadlineMs) return { told, isWanted };
    }
  }

  /** In MB. */
  memory(): number {
    const status = readFileSync(`/proc/${this.server.process.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
  }

  #shown(uri: string): unknown {
    const last = this.server.diagnostics.findLast((one) => one.uri === uri);
    return last?.diagnostics ?? [];
  }

  async #inTime<T>(what: string, answer: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(
        () => reject(new Fault(`No answer within ${this.#deadlineMs} ms: ${what}`)),
        this.#deadlineMs,
      );
    });
    try {
      return await Promise.race([answer, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

const capabilities = {
  textDocument: {
    publishDiagnostics: {
      relatedInformation: true,
      tagSupport: { valueSet: [1, 2] },
      codeDescriptionSupport: true,
    },
    completion: { completionItem: { snippetSupport: true, documentationFormat: ['markdown'] } },
    hover: { contentFormat: ['markdown'] },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    codeAction: {
      codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix'] } },
      dataSupport: true,
      resolveSupport: { properties: ['edit'] },
    },
  },
};

export function uriOf(file: number): string {
  return `file:///fuzz/${fileNames[file]}`;
}

/** The change as the protocol tells it; `file` has it afterwards. */
function applied(file: { text: string }, { at, length, put, isWhole }: Edit): unknown {
  const { text } = file;
  const start = at % (text.length + 1);
  const end = Math.min(text.length, start + length);
  const range = { start: positionAt(text, start), end: positionAt(text, end) };
  // A position cannot tell the middle of a line break.
  const [from, to] = [offsetOf(text, range.start), offsetOf(text, range.end)];
  file.text = text.slice(0, from) + put + text.slice(to);
  return isWhole ? { text: file.text } : { range, text: put };
}

function positionAt(text: string, offset: number): { line: number; character: number } {
  let line = 0;
  let start = 0;
  for (const { index, 0: eol } of text.matchAll(/\r\n|\r|\n/g)) {
    if (index + eol.length > offset) {
      return { line, character: Math.min(offset, index) - start };
    }
    line += 1;
    start = index + eol.length;
  }
  return { line, character: offset - start };
}

function offsetOf(text: string, { line, character }: { line: number; character: number }): number {
  let start = 0;
  let at = 0;
  for (const { index, 0: eol } of text.matchAll(/\r\n|\r|\n/g)) {
    if (at === line) return start + character;
    at += 1;
    start = index + eol.length;
  }
  return start + character;
}
