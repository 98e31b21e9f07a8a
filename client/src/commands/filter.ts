import { commands } from 'vscode';
import type { Desk } from './desk.ts';

/** Leaves out routers of the view while the person types. */
export async function filter({ dialogs, layout }: Desk): Promise<void> {
  await commands.executeCommand('egressRouters.focus');
  await dialogs.typed({
    title: 'Filter Egress Routers',
    placeholder: 'Name, namespace, address, destination or state. Nothing shows all.',
    value: layout.filter,
    onChange: (text) => layout.setFilter(text),
  });
}
