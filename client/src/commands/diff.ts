import { commands, type Uri } from 'vscode';
import { t } from '#client/l10n.ts';
import { CommandError } from '#client/report.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
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
      t`Diff compares a manifest. Open the YAML file of the router and start from there.`,
    );
  }
  const source = await findSource(desk, target);
  if (source !== undefined) await diffWith(desk, source, argument);
}

/** @param argument what the command was started on, to go on with. */
export async function diffWith(desk: Desk, source: Source, argument: unknown): Promise<void> {
  const { name, namespace, object } = source.document;
  if (name === undefined) {
    throw new CommandError(t`The document has no metadata.name. Give the router a name first.`);
  }
  const { context, router, live } = await desk.connection.use(async (session) => {
    const wanted = { name, namespace: namespace ?? session.namespace };
    const found = await desk.dialogs.progress(
      t`Reading ${wanted.namespace}/${name} in ${session.context}`,
      (_, signal) => session.read(wanted, signal),
    );
    return { context: session.context, router: wanted, live: found };
  });
  const shown = `${router.namespace}/${name}`;
  if (live === undefined) {
    offer(
      desk,
      t`${shown} is not deployed in context ${context}: there is nothing to compare.`,
      t`Deploy`,
      () => deploy(desk, argument),
    );
    return;
  }
  const isJson = source.text.languageId !== 'yaml';
  const suffix = isJson ? 'json' : 'yaml';
  const { uri: right, part, text: own } = manifestSide(desk, source, `/manifest/${shown}.${suffix}`);
  const textOf = async (stored: KubernetesObject): Promise<string> => {
    const manifest = toManifest(stored, object);
    const written = await desk.language.asWritten(source.text, source.document.range.start, manifest);
    if (written !== undefined) return part(written);
    return isJson ? `${JSON.stringify(manifest, null, 2)}\n` : desk.language.toYaml(manifest);
  };
  const { version } = source.text;
  const leftText = await textOf(live);
  const left = desk.texts.put(`/live/${context}/${shown}.${suffix}`, leftText, () =>
    desk.connection.use(async (session) => {
      // Of a text that has changed it is not known where the router stands in it.
      if (session.context !== context || source.text.version !== version) return undefined;
      const stored = await session.read(router, AbortSignal.timeout(readTimeoutMs));
      return stored && textOf(stored);
    }),
  );
  const title = t`${name}: in ${context} ↔ manifest`;
  await commands.executeCommand('vscode.diff', left, right, title, { preview: true });
  if (leftText.trim() === own.replaceAll('\r\n', '\n').trim()) {
    void desk.dialogs.tell('information', t`${shown} is in context ${context} as its manifest says.`, []);
  }
}

const readTimeoutMs = 15_000;

/** The file itself where the router is all there is in it, so that it can be edited in the diff. */
function manifestSide(
  desk: Desk,
  { text, document: { range } }: Source,
  path: string,
): {
  readonly uri: Uri;
  /** What stands beside it of another state of the file, in which no other document differs. */
  readonly part: (file: string) => string;
  /** What it shows at first. */
  readonly text: string;
} {
  const file = text.getText();
  const own = linesOf(file, range.start.line, range.end.line);
  const all = file.replace(/^---[^\n]*\n/, '').replaceAll('\r\n', '\n');
  if (own.trim() === all.trim()) return { uri: text.uri, part: (other) => other, text: file };
  const below = text.lineCount - range.end.line;
  return {
    uri: desk.texts.put(path, own),
    part: (other) => linesOf(other, range.start.line, other.split('\n').length - below),
    text: own,
  };
}

/** @param last without its `---`, if it has one */
function linesOf(file: string, first: number, last: number): string {
  const lines = file.split(/\r?\n/).slice(first, last + 1);
  const own = lines.at(-1)?.startsWith('---') === true ? lines.slice(0, -1) : lines;
  return `${own.join('\n').trim()}\n`;
}
