import { Range, Selection, TextEditorRevealType, window, workspace } from 'vscode';
import { t } from '#client/l10n.ts';
import type { Desk } from './desk.ts';
import { documentProblemLines } from './plan-text.ts';
import type { Source } from './source.ts';

/**
 * Problems of the documents stop Deploy, with the list and the way to the first of them.
 *
 * @returns false where there are none
 */
export async function refuseFaulty(desk: Desk, sources: readonly Source[], name: string): Promise<boolean> {
  const faulty = sources.filter(({ document }) => document.problems.some(isError));
  const [first] = faulty;
  if (first === undefined) return false;
  const isOne = sources.length === 1;
  const goTo = await desk.dialogs.confirm({
    isGrave: true,
    message: isOne
      ? t`${name} cannot be deployed yet: its document has errors.`
      : t`${name} cannot be deployed yet: ${faulty.length} of their documents ${faulty.length === 1 ? 'has' : 'have'} errors.`,
    detail: faulty
      .flatMap(({ text, document }) => [
        ...(isOne ? [] : [`${workspace.asRelativePath(text.uri)}: ${document.name ?? t`(no name)`}`]),
        ...documentProblemLines(document.problems),
      ])
      .join('\n'),
    action: t`Go to the First Error`,
  });
  if (goTo) await showFirst(first);
  return true;
}

async function showFirst({ text, document }: Source): Promise<void> {
  const fault = document.problems.find(isError);
  if (fault === undefined) return;
  const { start, end } = fault.range;
  const range = new Range(start.line, start.character, end.line, end.character);
  const editor = await window.showTextDocument(text);
  editor.selection = new Selection(range.start, range.start);
  editor.revealRange(range, TextEditorRevealType.InCenterIfOutsideViewport);
}

function isError({ severity }: Source['document']['problems'][number]): boolean {
  return severity === 'error';
}
