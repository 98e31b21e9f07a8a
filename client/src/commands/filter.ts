import { commands } from 'vscode';
import { t } from '#client/l10n.ts';
import type { Desk } from './desk.ts';

/** Leaves out routers of the view while the person types. */
export async function filter({ dialogs, layout, tree }: Desk): Promise<void> {
  // A view that gets the focus while the input is there would take what is typed.
  if (!tree.isVisible) await commands.executeCommand('egressRouters.focus');
  await dialogs.typed({
    title: t`Filter Egress Routers`,
    placeholder: t`Name, namespace, address, destination or state. Nothing shows all.`,
    value: layout.filter,
    onChange: (text) => layout.setFilter(text),
  });
}
