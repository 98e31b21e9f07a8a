import {
  type Disposable,
  TabInputText,
  type TextDocumentChangeEvent,
  TextEditorRevealType,
  type Uri,
  window,
  workspace,
} from 'vscode';
import { t } from '#client/l10n.ts';
import { CommandError } from '#client/report.ts';
import { told } from '#client/told.ts';
import { stateText } from '#client/tree/router-node.ts';
import type { ClusterSession } from '#cluster/api.ts';
import { toFailure } from '#cluster/errors.ts';
import type { ObjectName } from '#cluster/object-ref.ts';
import type { Desk } from './desk.ts';
import { LogTail } from './log-tail.ts';
import { objectPath, toObjectRef } from './object.ts';
import { findRouter } from './router.ts';

const maxLines = 5000;
/** As fast as a person can see lines come. */
const repaintMs = 200;

/** The logs of pods, each in a read-only editor that is written on until it is closed. */
export class PodLogs {
  readonly #desk: Desk;
  readonly #followed = new Map<string, AbortController>();
  readonly #subscriptions: readonly Disposable[];

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#subscriptions = [
      window.tabGroups.onDidChangeTabs(({ closed }) => {
        for (const { input } of closed) if (input instanceof TabInputText) this.#closed(input.uri);
      }),
      workspace.onDidChangeTextDocument(keepEndInSight),
    ];
  }

  async show(argument: unknown): Promise<void> {
    const { connection, texts } = this.#desk;
    const found = await connection.use(async (session) => {
      const pod = await this.#findPod(session, argument);
      return pod && { pod, context: session.context };
    });
    if (found === undefined) return;
    const { pod, context } = found;
    const path = objectPath('logs', context, { apiVersion: 'v1', kind: 'Pod', ...pod }, 'log');
    const uri = texts.put(
      path,
      t`[Reading the log of ${pod.namespace}/${pod.name} in context ${context} …]\n`,
    );
    this.#closed(uri);
    const follow = new AbortController();
    this.#followed.set(uri.toString(), follow);
    await window.showTextDocument(await workspace.openTextDocument(uri), { preview: true });
    // Not awaited: it goes on until the editor is closed.
    void this.#follow(path, pod, follow.signal);
  }

  dispose(): void {
    for (const follow of this.#followed.values()) follow.abort();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #follow(path: string, pod: ObjectName, signal: AbortSignal): Promise<void> {
    const { connection, texts, log } = this.#desk;
    const tail = new LogTail(maxLines);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const paint = (lines: readonly string[]): void => {
      tail.push(lines);
      timer ??= setTimeout(() => {
        timer = undefined;
        if (!signal.aborted) texts.put(path, tail.text);
      }, repaintMs);
    };
    try {
      await connection.use((session) =>
        session.logs(pod, { signal, follow: true, tailLines: maxLines, onLines: paint }),
      );
    } catch (error) {
      if (signal.aborted) return;
      log.info(`Show Logs: ${toFailure(error).message}`);
      paint([`[${told(toFailure(error).message)}]`]);
    }
  }

  #closed(uri: Uri): void {
    this.#followed.get(uri.toString())?.abort();
    this.#followed.delete(uri.toString());
  }

  async #findPod(session: ClusterSession, argument: unknown): Promise<ObjectName | undefined> {
    const object = toObjectRef(argument);
    if (object?.kind === 'Pod' && object.namespace !== undefined) {
      return { namespace: object.namespace, name: object.name };
    }
    const { dialogs } = this.#desk;
    const router = await findRouter(this.#desk, session, argument, t`Show the log of which egress router?`);
    if (router === undefined) return undefined;
    const shown = `${router.namespace}/${router.name}`;
    const { routers } = await dialogs.progress(t`Looking for the pod of ${shown}`, (_, signal) =>
      session.status(router, signal),
    );
    const [view] = routers;
    const pods = view?.pods ?? [];
    const [only, ...more] = pods;
    if (view === undefined || only === undefined) {
      const why = view === undefined || view.state.kind === 'ready' ? '' : ` ${told(view.state.message)}`;
      throw new CommandError(t`${shown} has no pod, and so no log.${why}`);
    }
    const picked =
      more.length === 0
        ? { label: only.name }
        : await dialogs.pick(
            t`Which pod of ${shown} (${stateText(view.state)})?`,
            pods.map(({ name, phase, node }) => ({
              label: name,
              description: [phase, node].filter(Boolean).join(', '),
            })),
          );
    return picked && { namespace: router.namespace, name: picked.label };
  }
}

/** Who has the end in sight sees what comes; who has scrolled up is left there. */
function keepEndInSight({ document, contentChanges }: TextDocumentChangeEvent): void {
  if (document.uri.scheme !== 'egressrouter' || document.languageId !== 'log') return;
  const added = contentChanges.reduce((sum, { text }) => sum + (text.match(/\n/g)?.length ?? 0), 0);
  for (const editor of window.visibleTextEditors) {
    if (editor.document !== document || !document.uri.path.startsWith('/logs/')) continue;
    const lastSeen = Math.max(0, ...editor.visibleRanges.map(({ end }) => end.line));
    if (lastSeen + added + 2 < document.lineCount) continue;
    const end = document.lineAt(document.lineCount - 1).range;
    editor.revealRange(end, TextEditorRevealType.Default);
  }
}
