import { window, workspace } from 'vscode';
import { t } from '#client/l10n.ts';
import { CommandError } from '#client/report.ts';
import { refText } from '#cluster/object-ref.ts';
import type { Desk } from './desk.ts';
import type { Migrations } from './migrate.ts';

/**
 * Reads a router of OpenShift SDN from the cluster into a new text and shows what it becomes, as it is shown of a
 * manifest. The cluster stays as it is: applying changes the text, which is deployed when its person wants.
 */
export async function migrateLive(desk: Desk, migrations: Migrations): Promise<void> {
  const objects = await desk.connection.use(async (session) => {
    const found = await desk.dialogs.progress(
      t`Looking for routers of OpenShift SDN in ${session.context}`,
      (_, signal) => session.legacyRouters(signal),
    );
    if (found.length === 0) {
      throw new CommandError(
        t`Context ${session.context} has no router of OpenShift SDN that you may see: no pod, and nothing that makes pods, has the annotation pod.network.openshift.io/assign-macvlan.`,
      );
    }
    const picked = await desk.dialogs.pick(
      t`Migrate which router of OpenShift SDN?`,
      found.map(({ object, source }) => ({
        label: object.name,
        description: `${object.kind} · ${object.namespace ?? session.namespace}`,
        ...(source === undefined ? {} : { detail: t`address ${source}` }),
        object,
      })),
    );
    if (picked === undefined) return undefined;
    return desk.dialogs.progress(t`Reading ${refText(picked.object)}`, (_, signal) =>
      session.readLegacy(picked.object, signal),
    );
  });
  if (objects === undefined) return;
  const texts = await Promise.all(objects.map((object) => desk.language.toYaml(object)));
  const document = await workspace.openTextDocument({ language: 'yaml', content: texts.join('---\n') });
  await window.showTextDocument(document);
  const end = { line: document.lineCount, character: 0 };
  const range = { start: { line: 0, character: 0 }, end };
  await migrations.show({ textDocument: { uri: document.uri.toString() }, range });
}
