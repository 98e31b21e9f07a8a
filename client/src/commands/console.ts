import { env, Uri } from 'vscode';
import { t } from '#client/l10n.ts';
import { CommandError } from '#client/report.ts';
import { consoleAddress } from './console-address.ts';
import type { Desk } from './desk.ts';
import { findObject } from './object.ts';

/** Opens an object where the cluster's own web console shows it. */
export async function openConsole(desk: Desk, argument: unknown): Promise<void> {
  const ref = await desk.connection.use((session) =>
    findObject(desk, session, argument, t`Open which egress router in the console?`),
  );
  if (ref === undefined) return;
  const url = desk.consoleUrl();
  if (url === undefined) {
    throw new CommandError(t`The cluster names no web console. Open Live Object shows the object here.`);
  }
  await env.openExternal(Uri.parse(consoleAddress(url, ref), true));
}
