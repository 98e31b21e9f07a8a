import {
  CodeLens,
  commands,
  Disposable,
  languages,
  Range,
  TabInputText,
  type TextDocument,
  window,
  workspace,
} from 'vscode';
import { t } from '#client/l10n.ts';
import { told } from '#client/told.ts';
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
  const content = t`# The Service of EgressRouter ${router.namespace}/${router.name} in context ${session.context}: edit it, then\n# click Go On above. Its name, selector and owner stay as they are.\n${yaml}`;
  const text = await workspace.openTextDocument({ language: 'yaml', content });
  const end = new EditingEnd(text);
  try {
    while (!text.isClosed) {
      await window.showTextDocument(text, { preview: false });
      if (!(await end.isGoingOn())) return undefined;
      const serviceText = text.getText();
      const plan = await desk.dialogs.progress(t`Trying the Service of ${router.name}`, (_, signal) =>
        session.planExpose(router, { signal, serviceText }),
      );
      if (plan.refused === undefined) {
        end.dispose();
        await closeUnsaved(text);
        return plan;
      }
      void desk.dialogs.tell('warning', told(plan.refused), []);
    }
    return undefined;
  } finally {
    end.dispose();
  }
}

/** How the person ends editing: by a lens, as a notification would hide before they are done, or by closing. */
class EditingEnd {
  readonly #subscriptions: Disposable;
  #answer: (isGoingOn: boolean) => void = () => undefined;

  constructor(text: TextDocument) {
    const uri = text.uri.toString();
    const command = `egressRouter.goOn.${uri}`;
    this.#subscriptions = Disposable.from(
      commands.registerCommand(command, () => this.#answer(true)),
      languages.registerCodeLensProvider(
        { scheme: text.uri.scheme, language: 'yaml' },
        {
          provideCodeLenses: (shown) =>
            shown.uri.toString() === uri
              ? [new CodeLens(new Range(0, 0, 0, 0), { title: t`Go On`, command })]
              : [],
        },
      ),
      window.tabGroups.onDidChangeTabs(({ closed }) => {
        if (closed.some(({ input }) => input instanceof TabInputText && input.uri.toString() === uri)) {
          this.#answer(false);
        }
      }),
    );
  }

  /** @returns false where the editor was closed */
  isGoingOn(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#answer = resolve;
    });
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }
}

/** What is in it has been taken: nobody needs to be asked whether to save it. */
async function closeUnsaved(text: TextDocument): Promise<void> {
  if (text.isClosed) return;
  await window.showTextDocument(text);
  await commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
}
