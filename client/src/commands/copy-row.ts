import type { Dialogs } from '#client/dialogs.ts';
import { t } from '#client/l10n.ts';
import { CommandError } from '#client/report.ts';

/** @param argument a row, or nothing where a keyboard shortcut of the person's started it */
export async function copyRow(dialogs: Dialogs, argument: unknown): Promise<void> {
  const text = typeof argument === 'object' && argument !== null && 'copy' in argument ? argument.copy : '';
  if (typeof text !== 'string' || text === '') {
    throw new CommandError(t`Choose Copy on a row of the view Egress Routers.`);
  }
  await dialogs.copy(text);
}
