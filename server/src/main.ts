import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { serve } from './connection.ts';

const transports = ['--stdio', '--node-ipc', '--socket', '--pipe'];

if (process.argv.some((argument) => transports.some((name) => argument.startsWith(name)))) {
  const connection = createConnection(ProposedFeatures.all);
  // One answer that fails must not take the others with it.
  process.on('unhandledRejection', (reason) => connection.console.error(`Unexpected: ${String(reason)}`));
  serve(connection);
} else {
  process.stderr.write(
    'The language server of Egress Router Tools is started by an editor: server.mjs --stdio\n',
  );
  process.exitCode = 2;
}
