import { Range, window, workspace } from 'vscode';
import { t } from '#client/l10n.ts';
import { CommandError } from '#client/report.ts';
import type { Desk } from './desk.ts';
import { toTarget } from './target.ts';

/** Shows where a router is written in the workspace. */
export async function openManifest({ tree }: Desk, argument: unknown): Promise<void> {
  const target = toTarget(argument ?? tree.selectedRow);
  if (target.kind !== 'document') {
    throw new CommandError(t`Choose Open Manifest on the manifest of a router in the view Egress Routers.`);
  }
  const line = target.lens?.line ?? 0;
  const document = await workspace.openTextDocument(target.uri);
  await window.showTextDocument(document, { selection: new Range(line, 0, line, 0) });
}
