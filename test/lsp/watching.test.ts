// Files that change outside of an editor that watches none: Neovim on Linux, Vim, Kate.
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import type { WorkspaceEdit } from 'vscode-languageserver/node';
import { router, service } from '../../language/test/cursor.ts';
import { ServerProcess } from './server-process.ts';

/** As Neovim 0.12 has it on Linux. */
const capabilities = {
  textDocument: { publishDiagnostics: { relatedInformation: true } },
  workspace: { didChangeWatchedFiles: { dynamicRegistration: false, relativePatternSupport: true } },
};

const other = router.replace('partner-api', 'bank').replace('web', 'shop');
const free = other.replace('192.168.12.99', '192.168.12.98');

test.each(['without', 'with'])(
  'what changes on disk is followed for a client that does not, %s a slash',
  async (slash) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'ert-watching-'));
    const at = (file: string): string => path.join(folder, file);
    const uriAt = (file: string): string => pathToFileURL(at(file)).href;
    try {
      await mkdir(at('deep'));
      await using server = ServerProcess.overStdio();
      await server.initialize({}, capabilities, [slash === 'with' ? `${uriAt('')}/` : uriAt('')]);
      const uri = uriAt('router.yaml');
      await server.open(uri, router);
      expect((await server.diagnosticsOf(uri)).diagnostics).toEqual([]);
      const shown = async (expected: readonly string[]): Promise<void> => {
        const codes = (): readonly unknown[] | undefined =>
          server.diagnostics.findLast((one) => one.uri === uri)?.diagnostics.map(({ code }) => code);
        await expect.poll(codes, { timeout: 10_000 }).toEqual(expected);
      };
      // A file that comes, changes, and goes; folders have been read once an old one has said something.
      await writeFile(at('deep/bank.yaml'), other);
      await shown(['address-in-use']);
      await writeFile(at('deep/bank.yaml'), free);
      await shown([]);
      await writeFile(at('deep/bank.yaml'), other);
      await shown(['address-in-use']);
      await rm(at('deep/bank.yaml'));
      await shown([]);
      // A folder that comes with a file in it, is followed too, and goes.
      await mkdir(at('.made'));
      await writeFile(at('.made/bank.yaml'), other);
      await rename(at('.made'), at('made'));
      await shown(['address-in-use']);
      await writeFile(at('made/bank.yaml'), free);
      await shown([]);
      await writeFile(at('made/bank.yaml'), other);
      await shown(['address-in-use']);
      await rename(at('made'), at('.made'));
      await shown([]);
      // What is hidden stays so.
      await writeFile(at('.made/bank.yaml'), `${other}# more\n`);
      await writeFile(at('service.yaml'), service);
      const edit = (): Promise<WorkspaceEdit> =>
        server.request('textDocument/rename', {
          textDocument: { uri },
          position: { line: 3, character: 10 },
          newName: 'partner-x',
        });
      const lines = async (): Promise<unknown> =>
        (await edit()).changes?.[uriAt('service.yaml')]?.map(({ range }) => range.start.line);
      await expect.poll(lines, { timeout: 10_000 }).toEqual([3]);
      // Text that was moved by somebody else is changed where it is now.
      await writeFile(at('service.yaml'), `# moved\n${service}`);
      await expect.poll(lines, { timeout: 10_000 }).toEqual([4]);
      await shown([]);
      expect(await server.stop()).toBe(0);
      expect(server.log).toEqual([]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
);

test('links are not followed, nor is a file that is no manifest', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'ert-watching-'));
  const [workspace, outside] = [path.join(folder, 'workspace'), path.join(folder, 'outside')];
  try {
    for (const one of [workspace, outside]) await mkdir(one);
    await writeFile(path.join(outside, 'bank.yaml'), other);
    await using server = ServerProcess.overStdio();
    await server.initialize({}, capabilities, [pathToFileURL(workspace).href]);
    const uri = pathToFileURL(path.join(workspace, 'router.yaml')).href;
    await server.open(uri, router);
    expect((await server.diagnosticsOf(uri)).diagnostics).toEqual([]);
    const shown = (): readonly unknown[] | undefined =>
      server.diagnostics.findLast((one) => one.uri === uri)?.diagnostics.map(({ code }) => code);
    await expect.poll(() => watches(server.process.pid)).toBe(1);
    await symlink(outside, path.join(workspace, 'linked'));
    await symlink('..', path.join(workspace, 'round'));
    await symlink(path.join(outside, 'bank.yaml'), path.join(workspace, 'linked.yaml'));
    for (let index = 0; index < 50; index += 1) await writeFile(path.join(workspace, `${index}.o`), '');
    // Events come in their order: once the last one has been taken up, those before have been.
    await mkdir(path.join(workspace, 'last'));
    await expect.poll(() => watches(server.process.pid)).toBe(2);
    await writeFile(path.join(workspace, 'last/bank.yaml'), other);
    await expect.poll(shown, { timeout: 10_000 }).toEqual(['address-in-use']);
    await rm(path.join(workspace, 'last/bank.yaml'));
    await expect.poll(shown, { timeout: 10_000 }).toEqual([]);
    expect(await watches(server.process.pid)).toBe(2);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test.each<{ readonly title: string; readonly leave: Move; readonly come: Move }>([
  {
    title: 'deleted and made again',
    leave: ({ root }) => rm(root, { recursive: true }),
    come: async ({ root, next }) => cp(next, root, { recursive: true }),
  },
  {
    title: 'deleted with the folders above it',
    leave: ({ folder }) => rm(path.join(folder, 'above'), { recursive: true }),
    come: async ({ root, next }) => {
      await mkdir(path.dirname(root), { recursive: true });
      await rename(next, root);
    },
  },
  {
    title: 'moved away and back',
    leave: async ({ root, next }) => {
      await rm(next, { recursive: true });
      await rename(root, next);
    },
    come: ({ root, next }) => rename(next, root),
  },
])('a folder of the workspace that is $title is followed again', async ({ leave, come }) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'ert-watching-'));
  const [root, next] = [path.join(folder, 'above/all/root'), path.join(folder, 'next')];
  const places = { folder, root, next };
  const deep = path.join(root, 'deep/bank.yaml');
  try {
    for (const one of [root, next]) {
      await mkdir(path.join(one, 'deep'), { recursive: true });
      await writeFile(path.join(one, 'deep/bank.yaml'), other);
    }
    await using server = ServerProcess.overStdio();
    await server.initialize({}, capabilities, [pathToFileURL(root).href]);
    const uri = pathToFileURL(path.join(root, 'router.yaml')).href;
    await server.open(uri, router);
    const shown = async (expected: readonly string[]): Promise<void> => {
      const codes = (): readonly unknown[] | undefined =>
        server.diagnostics.findLast((one) => one.uri === uri)?.diagnostics.map(({ code }) => code);
      await expect.poll(codes, slow).toEqual(expected);
    };
    await shown(['address-in-use']);
    // Twice: what was made again is left again.
    for (let turn = 0; turn < 2; turn += 1) {
      await leave(places);
      await shown([]);
      await expect.poll(() => watches(server.process.pid), slow).toBe(1);
      await come(places);
      await shown(['address-in-use']);
      await expect.poll(() => watches(server.process.pid), slow).toBe(2);
      await writeFile(deep, free);
      await shown([]);
      await writeFile(deep, other);
      await shown(['address-in-use']);
      if (turn === 0) await cp(root, next, { recursive: true });
    }
    expect(server.log).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

interface Places {
  readonly folder: string;
  /** The folder of the workspace. */
  readonly root: string;
  /** One like it, which is not of the workspace. */
  readonly next: string;
}

type Move = (places: Places) => Promise<void>;

test('a folder of the workspace that comes late, or is replaced at once, is followed', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'ert-watching-'));
  const at = (file: string): string => path.join(folder, file);
  try {
    for (const [name, text] of Object.entries({ one: other, two: free })) {
      await mkdir(at(name));
      await writeFile(at(`${name}/bank.yaml`), text);
    }
    await using server = ServerProcess.overStdio();
    await server.initialize({}, capabilities, [`${pathToFileURL(at('root')).href}/`]);
    const uri = pathToFileURL(at('root/router.yaml')).href;
    await server.open(uri, router);
    const shown = async (expected: readonly string[]): Promise<void> => {
      const codes = (): readonly unknown[] | undefined =>
        server.diagnostics.findLast((one) => one.uri === uri)?.diagnostics.map(({ code }) => code);
      await expect.poll(codes, slow).toEqual(expected);
    };
    await expect.poll(() => watches(server.process.pid), slow).toBe(1);
    await rename(at('one'), at('root'));
    await shown(['address-in-use']);
    await rename(at('root'), at('one'));
    await rename(at('two'), at('root'));
    await shown([]);
    await writeFile(at('root/bank.yaml'), other);
    await shown(['address-in-use']);
    // What has been moved away is not of the workspace any more.
    await writeFile(at('one/more.yaml'), other.replace('bank', 'more'));
    await writeFile(at('root/bank.yaml'), free);
    await shown([]);
    expect(await watches(server.process.pid)).toBe(1);
    expect(server.log).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

const slow = { timeout: 10_000 };

/** How many watches of inotify(7) a process has. */
async function watches(pid = 0): Promise<number> {
  const folder = `/proc/${pid}/fdinfo`;
  const texts = (await readdir(folder)).map((name) =>
    readFile(path.join(folder, name), 'utf8').catch(() => ''),
  );
  return (await Promise.all(texts)).join('').split(/^inotify /m).length - 1;
}
