import { t } from '#client/l10n.ts';
import { CommandError } from '#client/report.ts';
import type { Desk } from './desk.ts';

/** @param argument a row; without one, as from a keyboard shortcut of the person's, the row that is selected is meant */
export async function copyRow({ dialogs, tree }: Desk, argument: unknown): Promise<void> {
  const row = argument ?? tree.selectedRow;
  const text = typeof row === 'object' && row !== null && 'copy' in row ? row.copy : '';
  if (typeof text !== 'string' || text === '') {
    throw new CommandError(t`Choose Copy on a row of the view Egress Routers.`);
  }
  await dialogs.copy(text);
}
