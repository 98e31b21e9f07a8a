import { window, workspace } from 'vscode';
import { t } from '#client/l10n.ts';
import { CommandError } from '#client/report.ts';
import { type ObjectRef, refText } from '#cluster/object-ref.ts';
import type { Desk } from './desk.ts';
import { findObject, objectPath } from './object.ts';

/** Shows an object as the cluster has it, read again whenever the person comes back to it. */
export async function openLive(desk: Desk, argument: unknown): Promise<void> {
  const found = await desk.connection.use(async (session) => {
    const ref = await findObject(desk, session, argument, t`Open which egress router?`);
    if (ref === undefined) return undefined;
    const object = await desk.dialogs.progress(t`Reading ${refText(ref)}`, (_, signal) =>
      session.readObject(ref, signal),
    );
    return { context: session.context, ref, object };
  });
  if (found === undefined) return;
  const { context, ref, object } = found;
  if (object === undefined) throw new CommandError(goneText(ref, context));
  const text = await desk.language.toYaml(object);
  const uri = desk.texts.put(objectPath('live', context, ref, 'yaml'), text, (shown) =>
    readAgain(desk, context, ref, shown),
  );
  await window.showTextDocument(await workspace.openTextDocument(uri), { preview: true });
}

/** Undefined while another context is looked at. What was seen last stays below the word that it is gone. */
async function readAgain(
  desk: Desk,
  context: string,
  ref: ObjectRef,
  shown: string,
): Promise<string | undefined> {
  return desk.connection.use(async (session) => {
    if (session.context !== context) return undefined;
    const object = await session.readObject(ref, AbortSignal.timeout(readTimeoutMs));
    if (object !== undefined) return desk.language.toYaml(object);
    const first = t`# ${goneText(ref, context)} This is how it was seen last.\n`;
    return shown.startsWith('# ') ? shown : `${first}${shown}`;
  });
}

const readTimeoutMs = 15_000;

function goneText(ref: ObjectRef, context: string): string {
  return t`${refText(ref)} is gone: context ${context} has it no longer.`;
}
