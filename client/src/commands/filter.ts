import type { Desk } from './desk.ts';

/** Leaves out routers while the person types. */
export async function filter({ dialogs, layout, connection }: Desk): Promise<void> {
  // The palette may be where the cluster is looked at first.
  connection.watch();
  await dialogs.typed({
    title: 'Filter Egress Routers',
    placeholder: 'Name, namespace, address, destination or state. Nothing shows all.',
    value: layout.filter,
    onChange: (text) => layout.setFilter(text),
  });
}
