import { Uri, workspace } from 'vscode';
import { t } from '#client/l10n.ts';
import { holdsRouter } from '#client/served-documents.ts';
import type { ObjectName } from '#cluster/object-ref.ts';
import { type Desk, offer } from './desk.ts';
import { diff, diffWith } from './diff.ts';
import { openLive } from './open-live.ts';
import { findRouter } from './router.ts';
import type { Source } from './source.ts';
import { toTarget } from './target.ts';

/** Compares a router of the cluster with its manifest in the workspace, side by side. */
export async function diffLive(desk: Desk, argument: unknown): Promise<void> {
  if (toTarget(argument).kind === 'document') return diff(desk, argument);
  const found = await desk.connection.use(async (session) => {
    const router = await findRouter(
      desk,
      session,
      argument,
      t`Compare which egress router with its manifest?`,
    );
    return router && { router, namespace: session.namespace };
  });
  if (found === undefined) return;
  const { router, namespace } = found;
  const shown = `${router.namespace}/${router.name}`;
  const sources = await desk.dialogs.progress(t`Looking for the manifest of ${shown}`, (_, signal) =>
    manifestsOf(desk, router, namespace, signal),
  );
  const [first, ...more] = sources;
  if (first === undefined) {
    const message = t`No file of the workspace holds the manifest of ${shown}, so there is nothing to compare it with. Open the folder that has it, or open the live object and save that as a manifest.`;
    offer(desk, message, t`Open Live Object`, () => openLive(desk, { router }));
    return;
  }
  const picked =
    more.length === 0
      ? { source: first }
      : await desk.dialogs.pick(
          t`${sources.length} manifests of ${shown}: which one?`,
          sources.map((source) => ({
            label: workspace.asRelativePath(source.text.uri),
            description: t`line ${source.document.range.start.line + 1}`,
            source,
          })),
        );
  if (picked !== undefined) await diffWith(desk, picked.source, argument);
}

/** As many as the language server reads. */
const maxFiles = 5000;

/** @param namespace where documents go that name none. */
async function manifestsOf(
  desk: Desk,
  router: ObjectName,
  namespace: string,
  signal: AbortSignal,
): Promise<readonly Source[]> {
  const files = await workspace.findFiles('**/*.{yaml,yml,json}', '{**/node_modules/**,**/.*/**}', maxFiles);
  const open = workspace.textDocuments.filter(holdsRouter).map(({ uri }) => uri.toString());
  const sources: Source[] = [];
  for (const file of new Set([...open, ...files.map((uri) => uri.toString())])) {
    signal.throwIfAborted();
    const uri = Uri.parse(file, true);
    if (!open.includes(file) && !(await mentions(uri, router.name))) continue;
    const text = await workspace.openTextDocument(uri);
    if (!holdsRouter(text)) continue;
    const { documents } = await desk.language.documents(text);
    for (const document of documents) {
      if (document.name === router.name && (document.namespace ?? namespace) === router.namespace) {
        sources.push({ text, document });
      }
    }
  }
  return sources;
}

/** Without opening it in the editor, which tells every extension. */
async function mentions(uri: Uri, name: string): Promise<boolean> {
  try {
    const text = new TextDecoder().decode(await workspace.fs.readFile(uri));
    return text.includes('EgressRouter') && text.includes(name);
  } catch {
    return false; // It has gone since it was listed.
  }
}
