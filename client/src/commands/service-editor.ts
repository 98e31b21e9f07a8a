import { commands, window, workspace } from 'vscode';
import { t } from '#client/l10n.ts';
import type { ClusterSession, ExposePlan } from '#cluster/api.ts';
import type { Desk } from './desk.ts';

/**
 * Lets the person edit the Service of a plan as YAML, in an editor that no file is behind. What cannot be applied is
 * told, and they go on editing.
 *
 * @returns undefined where they leave it
 */
export async function editService(
  desk: Desk,
  session: ClusterSession,
  { router, items }: ExposePlan,
): Promise<ExposePlan | undefined> {
  const [service] = items.map(({ wanted }) => wanted);
  if (service === undefined) return undefined;
  const { apiVersion, kind, metadata, spec } = { spec: undefined, ...service };
  const { name, namespace, labels, annotations } = metadata;
  const shown = {
    apiVersion,
    kind,
    metadata: { name, namespace, labels, ...(annotations === undefined ? {} : { annotations }) },
    spec,
  };
  const yaml = await desk.language.toYaml(JSON.parse(JSON.stringify(shown)));
  const content = t`# The Service of EgressRouter ${router.namespace}/${router.name} in context ${session.context}: edit it, then\n# choose Go On in the notification. Its name, selector and owner stay as they are.\n${yaml}`;
  const text = await workspace.openTextDocument({ language: 'yaml', content });
  let message = t`Edit the Service of ${router.name}, then go on to what it changes.`;
  let kindOfWord: 'information' | 'warning' = 'information';
  for (;;) {
    await window.showTextDocument(text, { preview: false });
    if ((await desk.dialogs.tell(kindOfWord, message, [goOn])) !== goOn) return undefined;
    const serviceText = text.getText();
    const plan = await desk.dialogs.progress(t`Trying the Service of ${router.name}`, (_, signal) =>
      session.planExpose(router, { signal, serviceText }),
    );
    if (plan.refused === undefined) {
      await closeUnsaved(text.uri.toString());
      return plan;
    }
    message = plan.refused;
    kindOfWord = 'warning';
  }
}

const goOn = t`Go On`;

/** What is in it has been taken: nobody needs to be asked whether to save it. */
async function closeUnsaved(uri: string): Promise<void> {
  if (window.activeTextEditor?.document.uri.toString() !== uri) return;
  await commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
}
