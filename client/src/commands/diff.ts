import { commands, type TextDocument, type Uri } from 'vscode';
import { CommandError } from '#client/report.ts';
import { deploy } from './deploy.ts';
import { type Desk, offer } from './desk.ts';
import { toManifest } from './live-manifest.ts';
import { findSource, type Source } from './source.ts';
import { toTarget } from './target.ts';

/** Shows how the manifest under the cursor and the router in the cluster differ. */
export async function diff(desk: Desk, argument: unknown): Promise<void> {
  const target = toTarget(argument);
  if (target.kind === 'router') {
    throw new CommandError(
      'Diff compares a manifest. Open the YAML file of the router and start from there.',
    );
  }
  const source = await findSource(desk, target);
  if (source === undefined) return;
  const { name, namespace, object } = source.document;
  if (name === undefined) {
    throw new CommandError('The document has no metadata.name. Give the router a name first.');
  }
  const { context, router, live } = await desk.connection.use(async (session) => {
    const wanted = { name, namespace: namespace ?? session.namespace };
    const found = await desk.dialogs.progress(
      `Reading ${wanted.namespace}/${name} in ${session.context}`,
      (_, signal) => session.read(wanted, signal),
    );
    return { context: session.context, router: wanted, live: found };
  });
  const shown = `${router.namespace}/${name}`;
  if (live === undefined) {
    offer(
      desk,
      `${shown} is not deployed in context ${context}: there is nothing to compare.`,
      'Deploy',
      () => deploy(desk, argument),
    );
    return;
  }
  const manifest = toManifest(live, object);
  const isJson = source.text.languageId !== 'yaml';
  const text = isJson ? `${JSON.stringify(manifest, null, 2)}\n` : await desk.language.toYaml(manifest);
  const suffix = isJson ? 'json' : 'yaml';
  const left = desk.texts.put(`/live/${context}/${shown}.${suffix}`, text);
  const right = manifestUri(desk, source, `/manifest/${shown}.${suffix}`);
  const title = `${name}: in ${context} ↔ manifest`;
  await commands.executeCommand('vscode.diff', left, right, title, { preview: true });
}

/** The file itself where the router is all there is in it, so that it can be edited in the diff. */
function manifestUri(desk: Desk, { text, document: { range } }: Source, path: string): Uri {
  const own = linesOf(text, range.start.line, range.end.line).join('\n').trim();
  const all = text.getText().replace(/^---[^\n]*\n/, '');
  return own === all.replaceAll('\r\n', '\n').trim() ? text.uri : desk.texts.put(path, `${own}\n`);
}

function linesOf(text: TextDocument, first: number, last: number): readonly string[] {
  const lines = Array.from(
    { length: Math.min(last, text.lineCount - 1) - first + 1 },
    (_, index) => text.lineAt(first + index).text,
  );
  return lines.at(-1)?.startsWith('---') === true ? lines.slice(0, -1) : lines;
}
