// Loads the built extension with a stub of the editor's API, activates it and prints how long both took, and what it
// asked of the network or of other programs meanwhile. Started by explorer.ts, in a new process for each run.
import childProcess from 'node:child_process';
import dns from 'node:dns';
import { createRequire, registerHooks } from 'node:module';
import net from 'node:net';
import path from 'node:path';

const [bundle = ''] = process.argv.slice(2);
const outside: string[] = [];
net.Socket.prototype.connect = function connect() {
  outside.push('connect');
  return this;
};
for (const name of ['lookup', 'resolve'] as const) {
  Object.defineProperty(dns, name, { value: () => outside.push(`dns ${name}`) });
}
for (const name of ['spawn', 'fork', 'execFile', 'exec'] as const) {
  Object.defineProperty(childProcess, name, { value: () => outside.push(name) });
}

const disposable = { dispose: () => undefined };
const vscode: unknown = stub({
  workspace: stub({
    textDocuments: [],
    isTrusted: true,
    getConfiguration: () => ({ get: (_key: string, usual: unknown) => usual, inspect: () => undefined }),
    workspaceFolders: undefined,
  }),
  window: stub({ visibleTextEditors: [], activeTextEditor: undefined, state: { focused: true } }),
  extensions: stub({ all: [], getExtension: () => undefined }),
  commands: stub({ executeCommand: async () => undefined }),
});

/** Whatever is asked for is there, can be called and constructed, and gives something to dispose of. */
function stub(known: Readonly<Record<string, unknown>>): unknown {
  return new Proxy(function stubbed() {}, {
    get: (_target, name) =>
      typeof name === 'string' && name in known ? known[name] : name === 'then' ? undefined : stub({}),
    apply: () => stub({ ...disposable }),
    construct: () => Object(stub({ ...disposable })),
  });
}

Object.assign(globalThis, { vscodeStub: vscode });
registerHooks({
  resolve: (name, context, next) =>
    name === 'vscode' ? { url: 'stub:vscode', format: 'commonjs', shortCircuit: true } : next(name, context),
  load: (url, context, next) =>
    url === 'stub:vscode'
      ? { format: 'commonjs', source: 'module.exports = globalThis.vscodeStub', shortCircuit: true }
      : next(url, context),
});

const root = path.dirname(path.dirname(bundle));
const memento = {
  get: (_key: string, usual: unknown) => usual,
  update: async () => undefined,
  keys: () => [],
};
const context: unknown = stub({
  subscriptions: [],
  workspaceState: memento,
  globalState: memento,
  extensionMode: 1,
  extensionPath: root,
  extension: { id: 'egress-router-tools', packageJSON: {} },
  asAbsolutePath: (file: string) => path.join(root, file),
});

const startMs = performance.now();
const { activate }: { readonly activate: (context: unknown) => unknown } = createRequire(bundle)(bundle);
const loadedMs = performance.now();
await activate(context);
const activatedMs = performance.now();
// What was only put off is seen as well.
await new Promise((resolve) => setTimeout(resolve, 200));
process.stdout.write(
  JSON.stringify({ loadMs: loadedMs - startMs, activateMs: activatedMs - loadedMs, outside }),
);
process.exit();
