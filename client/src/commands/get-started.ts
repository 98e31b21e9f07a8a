import { commands } from 'vscode';
import { milestonesOf } from '#client/milestones.ts';
import type { Desk } from './desk.ts';

/** Opens the walkthrough, with a tick at each step that has been taken already. */
export async function getStarted({ connection }: Desk, extensionId: string): Promise<void> {
  await commands.executeCommand('workbench.action.openWalkthrough', `${extensionId}#firstRouter`, false);
  // VS Code ticks a step when its key changes, and overlooks what was true before the walkthrough was first opened.
  for (const [key, isReached] of Object.entries(milestonesOf(connection.view))) {
    if (!isReached) continue;
    await commands.executeCommand('setContext', key, false);
    await commands.executeCommand('setContext', key, true);
  }
}
