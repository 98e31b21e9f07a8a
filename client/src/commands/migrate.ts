import {
  commands,
  Position,
  Range,
  TabInputTextDiff,
  type TextDocument,
  Uri,
  WorkspaceEdit,
  window,
  workspace,
} from 'vscode';
import { t } from '#client/l10n.ts';
import { CommandError } from '#client/report.ts';
import { told } from '#client/told.ts';
import type { MigrationResult } from '#core/protocol.ts';
import type { Desk } from './desk.ts';

/** What migrating needs: it works without a cluster. */
export type MigrationDesk = Pick<Desk, 'language' | 'dialogs' | 'texts' | 'log' | 'run'>;

type Migrated = Extract<MigrationResult, { kind: 'migrated' }>;

/** Shows what a router of OpenShift SDN becomes; nothing is changed before it is applied. */
export class Migrations {
  readonly #desk: MigrationDesk;
  /** What is shown and not yet applied, by the URI of the proposed text. */
  readonly #shown = new Map<string, { readonly document: TextDocument; readonly result: Migrated }>();

  constructor(desk: MigrationDesk) {
    this.#desk = desk;
  }

  /** @param argument the `MigrationParams` of a code action; else the router under the cursor is meant */
  async show(argument?: unknown): Promise<void> {
    const { document, range } = (await toPlace(argument)) ?? placeInFront();
    const { language, texts, dialogs, log, run } = this.#desk;
    const whole = new Range(0, 0, document.lineCount, 0);
    const result = (await language.migration(document, range)) ?? (await language.migration(document, whole));
    const name = workspace.asRelativePath(document.uri);
    if (result === null) {
      throw new CommandError(
        t`${name} holds no egress router of OpenShift SDN: there is nothing to migrate.`,
      );
    }
    if (result.kind === 'refused') {
      throw new CommandError(t`${result.origin} cannot become an EgressRouter. ${told(result.reason)}`);
    }
    const proposed = texts.put(`/migrated/${name.replace(/^\/+/, '')}`, result.text);
    this.#shown.set(proposed.toString(), { document, result });
    const title = t`${result.origin}: as it is ↔ as an EgressRouter`;
    await commands.executeCommand('vscode.diff', document.uri, proposed, title, { preview: true });
    for (const line of linesOf(result)) log.info(`Migrate: ${line}`);
    // Not awaited: the person may first read what is shown, for as long as it takes.
    void run(t`Migrate`, async () => {
      const text = t`${result.origin} can become what is shown.${remarks(result)} The check mark above the text applies it later, too.`;
      const kind = result.losses.length > 0 ? 'warning' : 'information';
      const answer = await dialogs.tell(kind, text, [t`Apply`, t`Keep as It Is`]);
      if (answer === t`Apply`) await this.apply(proposed);
      if (answer === t`Keep as It Is`) await this.#close(proposed);
    });
  }

  /** @param proposed the text that is shown; absent: that of the diff in front */
  async apply(proposed: Uri | undefined = proposedInFront()): Promise<void> {
    const shown = proposed === undefined ? undefined : this.#shown.get(proposed.toString());
    if (proposed === undefined || shown === undefined) {
      throw new CommandError(t`No migration is shown. Start with Migrate to EgressRouter.`);
    }
    const { document, result } = shown;
    if (document.version !== result.version) {
      throw new CommandError(
        t`${workspace.asRelativePath(document.uri)} has changed since it was shown. Start again.`,
      );
    }
    const edit = new WorkspaceEdit();
    edit.replace(document.uri, new Range(0, 0, document.lineCount, 0), result.text);
    if (!(await workspace.applyEdit(edit))) {
      throw new CommandError(
        t`${workspace.asRelativePath(document.uri)} cannot be changed: it is read-only.`,
      );
    }
    await this.#close(proposed);
    await window.showTextDocument(document);
  }

  async #close(proposed: Uri): Promise<void> {
    this.#shown.delete(proposed.toString());
    const tabs = window.tabGroups.all.flatMap(({ tabs: all }) => all);
    const ours = tabs.filter(
      ({ input }) => input instanceof TabInputTextDiff && input.modified.toString() === proposed.toString(),
    );
    await window.tabGroups.close(ours);
  }
}

interface Place {
  readonly document: TextDocument;
  readonly range: Range;
}

function placeInFront(): Place {
  const editor = window.activeTextEditor;
  if (editor === undefined) {
    throw new CommandError(t`No editor is open. Open the manifest of a router of OpenShift SDN first.`);
  }
  return { document: editor.document, range: editor.selection };
}

/** Undefined for what menus and keyboard shortcuts give. */
async function toPlace(argument: unknown): Promise<Place | undefined> {
  const { textDocument, range } = toRecord(argument);
  const { uri } = toRecord(textDocument);
  const start = toPosition(toRecord(range)['start']);
  const end = toPosition(toRecord(range)['end']);
  if (typeof uri !== 'string' || start === undefined || end === undefined) return undefined;
  return {
    document: await workspace.openTextDocument(Uri.parse(uri, true)),
    range: new Range(start, end),
  };
}

function toPosition(value: unknown): Position | undefined {
  const { line, character } = toRecord(value);
  return typeof line === 'number' && typeof character === 'number'
    ? new Position(line, character)
    : undefined;
}

function toRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function proposedInFront(): Uri | undefined {
  const { input } = window.tabGroups.activeTabGroup.activeTab ?? {};
  return input instanceof TabInputTextDiff ? input.modified : undefined;
}

/** The text says each in a comment; the log has them all. */
function remarks(result: Migrated): string {
  const { losses, questions, steps } = result;
  const parts = [
    ...(losses.length > 0 ? [t`${losses.length} lost`] : []),
    ...(questions.length > 0 ? [t`${questions.length} to be checked`] : []),
    ...(steps.length > 0 ? [t`${steps.length} to do`] : []),
  ];
  return parts.length === 0 ? '' : t` Its comments tell what is to be known: ${parts.join(', ')}.`;
}

function linesOf({ losses, questions, steps }: Migrated): readonly string[] {
  return [
    ...losses.map((one) => `Lost: ${one}`),
    ...questions.map((one) => `To be checked: ${one}`),
    ...steps.map((one) => `To do: ${one}`),
  ];
}
