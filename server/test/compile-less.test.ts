import { PassThrough } from 'node:stream';
import { expect, test, vi } from 'vitest';
import {
  createConnection,
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { type Engine, toCompileLess } from '#server/compile-less.ts';
import { serve } from '#server/connection.ts';

const rows: readonly (readonly [Omit<Engine, 'setFlags'>, readonly string[]])[] = [
  [
    { v8: '13.6.233.17-node.51', arch: 'x64', compiles: true, isElectron: false },
    ['--no-turbofan', '--turbofan'],
  ],
  [
    { v8: '13.6.233.17-node.51', arch: 'arm64', compiles: true, isElectron: false },
    ['--no-turbofan', '--turbofan'],
  ],
  [{ v8: '14.2.231.9-electron.0', arch: 'x64', compiles: true, isElectron: true }, []],
  [{ v8: '13.6.233.17-node.51', arch: 'x64', compiles: false, isElectron: false }, []],
  [{ v8: '12.4.254.21-node.33', arch: 'x64', compiles: true, isElectron: false }, []],
  [{ v8: '13.6.233.17-node.51', arch: 'ppc64', compiles: true, isElectron: false }, []],
];

for (const [engine, expected] of rows) {
  test(`${JSON.stringify(engine)}: ${expected.join(', then ')}`, () => {
    const flags: string[] = [];
    toCompileLess({ ...engine, setFlags: (flag) => flags.push(flag) })?.()();
    expect(flags).toEqual(expected);
  });
}

test('less is compiled from the opening of a file until its diagnostics have been told', async () => {
  const events: string[] = [];
  const [toServer, toClient] = [new PassThrough(), new PassThrough()];
  const connection = createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient));
  vi.spyOn(connection, 'sendDiagnostics').mockImplementation(async () => {
    events.push('told');
  });
  const changed = new Promise<void>((resolve) => {
    serve(connection, {
      defer: setImmediate,
      compileLess: () => {
        events.push('less');
        return () => {
          events.push('more');
          resolve();
        };
      },
    });
  });
  const client = createMessageConnection(
    new StreamMessageReader(toClient),
    new StreamMessageWriter(toServer),
  );
  client.listen();
  await client.sendRequest('initialize', { processId: null, rootUri: null, capabilities: {} });
  const text = 'apiVersion: network.operator.openshift.io/v1\nkind: EgressRouter\n';
  const textDocument = { uri: 'file:///a.yaml', languageId: 'yaml', version: 1, text };
  await client.sendNotification('textDocument/didOpen', { textDocument });
  await changed;
  expect(events).toEqual(['less', 'told', 'more']);
  client.dispose();
  connection.dispose();
});
