import { commands, type ExtensionContext, Uri, window, workspace } from 'vscode';
import { BrowserMessageReader, BrowserMessageWriter, LanguageClient } from 'vscode-languageclient/browser';
import { migrateCommand } from '#core/protocol.ts';
import { offerBeginnings } from './beginnings.ts';
import { explain } from './commands/explain.ts';
import { fixAll } from './commands/fix-all.ts';
import { Migrations } from './commands/migrate.ts';
import { newRouter } from './commands/new-router.ts';
import { editorDialogs } from './dialogs.ts';
import { t } from './l10n.ts';
import { Language } from './language.ts';
import { startLanguageServer } from './language-server.ts';
import { ReadOnlyTexts } from './read-only-texts.ts';
import { commandRunner } from './report.ts';
import { UnderWay } from './under-way.ts';
import { introduceToNeighbor } from './yaml-neighbor.ts';

/**
 * The extension where there is no Node: a browser with no other machine behind it. It helps to write and check; a
 * cluster needs a kubeconfig and connections of its own, and its commands are not offered (package.json).
 */
export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel('Egress Router Tools', { log: true });
  const dialogs = editorDialogs(new UnderWay());
  const run = commandRunner(dialogs, log, {
    switchContext: async () => undefined,
    manageTrust: async () => commands.executeCommand('workbench.trust.manage'),
  });
  const language = new Language(
    async () => {
      await introduceToNeighbor((line) => log.info(line));
      const program = await toBlobUrl(Uri.joinPath(context.extensionUri, 'dist/web/server.js'));
      const worker = new Worker(program);
      // Not the worker itself: those of VS Code's own host are no instances of `Worker`, which the client asks.
      const reader = new BrowserMessageReader(worker);
      const writer = new BrowserMessageWriter(worker);
      try {
        return await startLanguageServer(
          { log, hasCluster: false },
          (options) =>
            new LanguageClient(
              'egressRouter',
              'Egress Router Language Server',
              async () => ({ reader, writer }),
              options,
            ),
        );
      } finally {
        // Only now: that host has a small program of its own fetch the worker's.
        URL.revokeObjectURL(program);
      }
    },
    (error) => void run(t`Language server`, () => Promise.reject(error)),
  );
  const texts = new ReadOnlyTexts((line) => log.info(line));
  const migrations = new Migrations({ language, dialogs, texts, log, run });
  const command = (id: string, title: string, action: (argument: unknown) => Promise<void>) =>
    commands.registerCommand(id, (argument: unknown) => run(title, () => action(argument)));
  context.subscriptions.push(
    log,
    language,
    offerBeginnings(language),
    texts,
    command(migrateCommand, t`Migrate`, (argument) => migrations.show(argument)),
    command('egressRouter.applyMigration', t`Apply`, () => migrations.apply()),
    command('egressRouter.newRouter', t`New Router`, () =>
      newRouter({ language, dialogs, log, run }, undefined),
    ),
    command('egressRouter.fixAll', t`Fix All`, fixAll),
    command('egressRouter.explain', t`Explain`, (argument) =>
      explain(dialogs, context.extensionUri, argument),
    ),
    command('egressRouter.showOutput', t`Show Log`, async () => log.show()),
    command('egressRouter.openDocumentation', t`Open Documentation`, async () => {
      const readme = Uri.joinPath(context.extensionUri, 'README.md');
      await commands.executeCommand('markdown.showPreview', readme);
    }),
  );
}

/** By its text: a host may serve extensions from another origin, from which no worker can be started. */
async function toBlobUrl(program: Uri): Promise<string> {
  const text = await workspace.fs.readFile(program);
  return URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
}

interface WebWorker {
  postMessage(message: unknown): void;
  terminate(): void;
  onmessage: unknown;
  onerror: unknown;
}

/** The browser's; the types of this area are Node's. */
declare const Worker: new (url: string) => WebWorker;
