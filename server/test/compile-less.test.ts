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

const node: Omit<Engine, 'setFlags'> = {
  v8: '13.6.233.17-node.51',
  arch: 'x64',
  isElectron: false,
  compiles: true,
  isSet: false,
};
const rows: readonly (readonly [Omit<Engine, 'setFlags'>, readonly string[]])[] = [
  [node, ['--no-turbofan', '--turbofan']],
  [{ ...node, arch: 'arm64' }, ['--no-turbofan', '--turbofan']],
  [{ ...node, isElectron: true }, []],
  [{ ...node, compiles: false }, []],
  [{ ...node, isSet: true }, []],
  [{ ...node, v8: '12.4.254.21-node.33' }, []],
  [{ ...node, arch: 'ppc64' }, []],
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
