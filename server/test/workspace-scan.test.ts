import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import {
  createConnection,
  createMessageConnection,
  FileChangeType,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { OpenDocuments } from '#server/documents.ts';
import { KnownFiles } from '#server/known-files.ts';
import { WorkspaceScan } from '#server/workspace-scan.ts';

const file = 'file:///project/routers/a.yaml';

function router(name: string): string {
  return `apiVersion: network.operator.openshift.io/v1
kind: EgressRouter
metadata: {name: ${name}}
spec: {addresses: [], redirect: {}}
`;
}

/** A workspace of one file, whose readings end when the test says so, with what it says. */
function workspace() {
  const [toServer, toClient] = [new PassThrough(), new PassThrough()];
  const server = createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient));
  const client = createMessageConnection(
    new StreamMessageReader(toClient),
    new StreamMessageWriter(toServer),
  );
  const files = new KnownFiles(new OpenDocuments(), () => ({ reconciler: 'unknown' }));
  const scan = new WorkspaceScan(server, setImmediate, files, () => undefined);
  const readings: ((text: string | undefined) => void)[] = [];
  const source = {
    list: async function* () {
      yield [file];
    },
    read: () => new Promise<string | undefined>((resolve) => readings.push(resolve)),
  };
  scan.prepare(source, ['file:///project'], false);
  server.listen();
  client.listen();
  return {
    scan,
    readings,
    names: () => files.facts().map(({ name }) => name),
    tell: (type: FileChangeType, uri = file) =>
      client.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ type, uri }] }),
    [Symbol.dispose]: () => {
      scan.stop();
      client.dispose();
      server.dispose();
    },
  };
}

/** Until all that is due has been done. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

test('looking around reads the workspace once, and waits until all is read', async () => {
  using all = workspace();
  const isRead = Promise.all([all.scan.lookAround(), all.scan.lookAround()]);
  await expect.poll(() => all.readings.length).toBe(1);
  all.readings[0]?.(router('a'));
  expect(await isRead).toEqual([true, true]);
  expect(all.names()).toEqual(['a']);
  expect(await all.scan.lookAround()).toBe(true);
  expect(all.readings).toHaveLength(1);
});

test('nobody waits for ever for a file that cannot be read', async () => {
  using all = workspace();
  expect(await all.scan.lookAround()).toBe(false);
});

test('a file that goes while it is read is gone', async () => {
  using all = workspace();
  const isRead = all.scan.lookAround();
  await expect.poll(() => all.readings.length).toBe(1);
  await all.tell(FileChangeType.Deleted);
  await settled();
  all.readings[0]?.(router('old'));
  expect(await isRead).toBe(true);
  expect(all.names()).toEqual([]);
});

test('of two readings of a file the one that began later counts, whichever ends first', async () => {
  using all = workspace();
  void all.scan.lookAround();
  await expect.poll(() => all.readings.length).toBe(1);
  await all.tell(FileChangeType.Changed);
  await expect.poll(() => all.readings.length).toBe(2);
  all.readings[1]?.(router('new'));
  await expect.poll(all.names).toEqual(['new']);
  all.readings[0]?.(router('old'));
  await settled();
  expect(all.names()).toEqual(['new']);
});

test.each(['during', 'after'])('a folder that goes %s the reading takes its files with it', async (when) => {
  using all = workspace();
  void all.scan.lookAround();
  await expect.poll(() => all.readings.length).toBe(1);
  if (when === 'after') {
    all.readings[0]?.(router('a'));
    await expect.poll(all.names).toEqual(['a']);
  }
  await all.tell(FileChangeType.Deleted, 'file:///project/routers');
  await settled();
  all.readings[0]?.(router('a'));
  await settled();
  expect(all.names()).toEqual([]);
});

test('a folder of the workspace that is closed while it is read says nothing', async () => {
  using all = workspace();
  void all.scan.lookAround();
  await expect.poll(() => all.readings.length).toBe(1);
  all.scan.changeFolders([], ['file:///project']);
  all.readings[0]?.(router('a'));
  await settled();
  expect(all.names()).toEqual([]);
});
