import { keepCompiled } from './compile-cache.ts';

const transports = ['--stdio', '--node-ipc', '--socket', '--pipe'];

if (process.argv.some((argument) => transports.some((name) => argument.startsWith(name)))) {
  keepCompiled();
  const { serveNode } = await import('./node-server.ts');
  serveNode();
} else {
  process.stderr.write(
    'The language server of Egress Router Tools is started by an editor: server.mjs --stdio\n',
  );
  process.exitCode = 2;
}
