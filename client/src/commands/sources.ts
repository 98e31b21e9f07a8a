import { FileType, RelativePattern, type Selection, Uri, workspace } from 'vscode';
import { t } from '#client/l10n.ts';
import { CommandError } from '#client/report.ts';
import type { Desk } from './desk.ts';
import { editorOf, findSource, type Source } from './source.ts';
import type { Target } from './target.ts';

/**
 * The routers that a person means: those that the selection touches, else the one under the cursor.
 *
 * @returns undefined when the person was asked which router is meant, and gave no answer
 */
export async function findSelected(
  desk: Desk,
  target: Exclude<Target, { kind: 'router' }>,
): Promise<readonly Source[] | undefined> {
  const selected =
    target.kind === 'document' && target.lens === undefined ? await touched(desk, target.uri) : [];
  if (selected.length > 0) return selected;
  const source = await findSource(desk, target);
  return source === undefined ? undefined : [source];
}

async function touched(desk: Desk, uri: Uri): Promise<readonly Source[]> {
  const selections = (editorOf(uri)?.selections ?? []).filter(({ isEmpty }) => !isEmpty);
  if (selections.length === 0) return [];
  const text = await workspace.openTextDocument(uri);
  const { documents } = await desk.language.documents(text);
  return documents
    .filter(({ range }) => selections.some((one) => touches(one, range.start.line, range.end.line)))
    .map((document) => ({ text, document }));
}

function touches({ start, end }: Selection, first: number, last: number): boolean {
  return start.line <= last && first <= end.line;
}

/** Every router of files and of folders with all below them. */
export async function findInFiles(desk: Desk, uris: readonly Uri[]): Promise<readonly Source[]> {
  const files = new Map((await Promise.all(uris.map(filesBelow))).flat().map((uri) => [uri.toString(), uri]));
  const sources: Source[] = [];
  for (const uri of files.values()) {
    if (!(await mayHoldRouter(uri))) continue;
    const text = await workspace.openTextDocument(uri);
    const { documents } = await desk.language.documents(text);
    sources.push(...documents.map((document) => ({ text, document })));
  }
  if (sources.length > 0) return sources;
  const names = uris.map((uri) => workspace.asRelativePath(uri)).join(', ');
  throw new CommandError(
    t`${names} holds no EgressRouter. Choose a YAML or JSON file that does, or its folder.`,
  );
}

async function filesBelow(uri: Uri): Promise<readonly Uri[]> {
  const { type } = await workspace.fs.stat(uri);
  if ((type & FileType.Directory) === 0) return [uri];
  const pattern = new RelativePattern(uri, '**/*.{yaml,yml,json}');
  return (await workspace.findFiles(pattern, '**/node_modules/**')).toSorted((a, b) =>
    a.path < b.path ? -1 : 1,
  );
}

/** Opening a file costs more than to look into it. */
async function mayHoldRouter(uri: Uri): Promise<boolean> {
  const open = workspace.textDocuments.find((text) => text.uri.toString() === uri.toString());
  const text = open?.getText() ?? new TextDecoder().decode(await workspace.fs.readFile(uri));
  return text.includes('EgressRouter');
}

/** @param all what is selected in the explorer, where the menu tells it */
export function urisOf(argument: unknown, all: unknown): readonly Uri[] {
  const many: readonly unknown[] = Array.isArray(all) ? all : [];
  const uris = many.filter((one) => one instanceof Uri);
  if (uris.length > 0) return uris;
  return argument instanceof Uri ? [argument] : [];
}
