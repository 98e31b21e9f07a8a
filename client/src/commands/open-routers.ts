import { TabInputText, type TextDocument, type Uri, window, workspace } from 'vscode';
import { t } from '#client/l10n.ts';
import { CommandError } from '#client/report.ts';
import { holdsRouter } from '#client/served-documents.ts';
import type { Desk } from './desk.ts';

/**
 * The text that a command means which was started on none, such as from the walkthrough: what is in the editor in
 * front, else the one open text that holds a router.
 *
 * @returns undefined when the person was asked which text is meant, and gave no answer
 */
export async function findOpenText({ dialogs }: Pick<Desk, 'dialogs'>): Promise<Uri | undefined> {
  const front = window.activeTextEditor?.document.uri;
  if (front !== undefined) return front;
  const texts = await openRouters();
  const [first, ...more] = texts;
  if (first === undefined) {
    throw new CommandError(t`No editor is open. Open a YAML file with an EgressRouter first.`);
  }
  if (more.length === 0) return first.uri;
  const items = texts
    .toSorted(byLikelihood)
    .map(({ uri }) => ({ label: workspace.asRelativePath(uri), uri }));
  return (await dialogs.pick(t`The egress router of which file?`, items))?.uri;
}

/** What has just been begun, as the sample of the walkthrough, is meant before what has been there before. */
function byLikelihood(a: TextDocument, b: TextDocument): number {
  return Number(b.isUntitled) - Number(a.isUntitled);
}

/** The texts of all tabs, those that are seen before those that another tab covers. */
async function openRouters(): Promise<readonly TextDocument[]> {
  const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
  const inputs = tabs.toSorted((a, b) => Number(b.isActive) - Number(a.isActive)).map(({ input }) => input);
  const uris = inputs.flatMap((input) => (input instanceof TabInputText ? [input.uri] : []));
  const unique = [...new Map(uris.map((uri) => [uri.toString(), uri])).values()];
  const opened = await Promise.allSettled(unique.map(async (uri) => workspace.openTextDocument(uri)));
  // A tab may outlive its file, or show what is no text.
  return opened.flatMap((one) => (one.status === 'fulfilled' && holdsRouter(one.value) ? [one.value] : []));
}
