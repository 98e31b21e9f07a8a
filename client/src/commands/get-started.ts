import { commands } from 'vscode';
import { milestonesOf } from '#client/milestones.ts';
import type { Desk } from './desk.ts';

/** Opens the walkthrough, with a tick at each step that has been taken already. */
export async function getStarted({ connection }: Desk, extensionId: string): Promise<void> {
  await commands.executeCommand('workbench.action.openWalkthrough', `${extensionId}#firstRouter`, false);
  // VS Code ticks a step when its key becomes true, and never one whose key was so before it first read the
  // walkthrough: that needs a key of its own.
  for (const [key, isReached] of Object.entries(milestonesOf(connection.view))) {
    if (isReached) await commands.executeCommand('setContext', `${key}Already`, true);
  }
}
