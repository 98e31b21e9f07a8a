import { expect, test, vi } from 'vitest';
import type { Desk } from '#client/commands/desk.ts';
import { SandboxCluster } from '#client/sandbox/sandbox-cluster.ts';

const { executed } = vi.hoisted(() => ({ executed: new Array<string>() }));

vi.mock('vscode', async (original) => ({
  ...(await original<object>()),
  commands: { executeCommand: async (id: string) => void executed.push(id) },
}));

test('a window that was given a sandbox starts no second one', async () => {
  const sandbox = new SandboxCluster({
    program: '/nonexistent',
    folder: '/nonexistent',
    onKubeconfig: () => undefined,
    isGiven: () => true,
  });
  const said: string[] = [];
  // Whatever else it asked of the desk would fail.
  const desk = { dialogs: { tell: async (_: string, text: string) => void said.push(text) } };
  await sandbox.start(desk as unknown as Desk);
  expect(said).toEqual(['This window has a sandbox already: the view shows it.']);
  expect(executed).toEqual(['egressRouters.focus']);
  expect(sandbox.kubeconfigPaths).toEqual([]);
});
