// Files that change outside of an editor that watches none: Neovim on Linux, Vim, Kate.
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import type { WorkspaceEdit } from 'vscode-languageserver/node';
import { ServerProcess } from './server-process.ts';

/** As Neovim 0.12 has it on Linux. */
const capabilities = {
  textDocument: { publishDiagnostics: { relatedInformation: true } },
  workspace: { didChangeWatchedFiles: { dynamicRegistration: false, relativePatternSupport: true } },
};

const router = `apiVersion: network.operator.openshift.io/v1
kind: EgressRouter
metadata:
  name: partner-api
  namespace: web
spec:
  networkInterface: {macvlan: {mode: Bridge}}
  addresses:
    - ip: 192.168.12.99/24
      gateway: 192.168.12.1
  redirect:
    redirectRules:
      - {port: 8080, protocol: TCP, destinationIP: 203.0.113.25}
`;
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

const service = `apiVersion: v1
kind: Service
metadata:
  name: partner-api
  namespace: web
spec:
  selector:
    app: egress-router-cni
  ports:
    - port: 8080
`;
