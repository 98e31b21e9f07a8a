import {
  type Disposable,
  EventEmitter,
  type TextDocumentContentProvider,
  type TextEditor,
  Uri,
  window,
  workspace,
} from 'vscode';
import { ClusterError, type FailureReason } from '#cluster/errors.ts';
import { t } from './l10n.ts';

/** Who comes back sooner than this sees what was read last (milliseconds). */
const freshMs = 1000;

/** How a text is read anew; undefined keeps it as it is. Told what it was last. */
export type ReadAgain = (shown: string) => Promise<string | undefined>;

/**
 * Texts that are only looked at, such as an object of the cluster. Gone when their editor is closed; those that
 * can be read again are, whenever the person comes back to them, and after a failure that may pass.
 */
export class ReadOnlyTexts implements TextDocumentContentProvider {
  readonly #texts = new Map<string, ReadOnlyText>();
  readonly #changed = new EventEmitter<Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #log: (line: string) => void;
  readonly #subscriptions: readonly Disposable[];

  constructor(log: (line: string) => void) {
    this.#log = log;
    this.#subscriptions = [
      workspace.registerTextDocumentContentProvider(scheme, this),
      workspace.onDidCloseTextDocument(({ uri }) => this.#texts.delete(uri.toString())),
      window.onDidChangeActiveTextEditor((editor) => this.#readAgain(editor === undefined ? [] : [editor])),
      window.onDidChangeWindowState(({ focused }) => {
        if (focused) this.refresh();
      }),
    ];
  }

  /**
   * @param path begins with a slash; its end says the language, `/demo/egress-a.yaml`
   * @param side tells two states of one object apart, which by another path would look renamed
   */
  put(path: string, text: string, readAgain?: ReadAgain, side = ''): Uri {
    const uri = Uri.from({ scheme, path, query: side });
    this.#texts.set(uri.toString(), { text, readAgain, readAt: Date.now() });
    this.#changed.fire(uri);
    return uri;
  }

  /** Reads again what the editors show. */
  refresh(): void {
    this.#readAgain(window.visibleTextEditors);
  }

  provideTextDocumentContent(uri: Uri): string {
    return this.#texts.get(uri.toString())?.text ?? gone;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    for (const { later } of this.#texts.values()) clearTimeout(later);
    this.#changed.dispose();
  }

  #readAgain(editors: readonly TextEditor[]): void {
    for (const { document } of editors) {
      const shown = this.#texts.get(document.uri.toString());
      if (shown?.readAgain === undefined || Date.now() - shown.readAt < freshMs) continue;
      this.#read(document.uri, shown, shown.readAgain, 1);
    }
  }

  #read(uri: Uri, shown: ReadOnlyText, readAgain: ReadAgain, attempt: number): void {
    clearTimeout(shown.later);
    shown.readAt = Date.now();
    readAgain(shown.text).then(
      (text) => this.#replace(uri, shown, text),
      (error: unknown) => {
        this.#log(`${uri.path}: not read again: ${String(error)}`);
        if (attempt > mostRepeats || !ClusterError.is(error, ...passing)) return;
        shown.later = setTimeout(() => {
          if (this.#texts.get(uri.toString()) === shown && isVisible(uri))
            this.#read(uri, shown, readAgain, attempt + 1);
        }, repeatMs * attempt);
      },
    );
  }

  #replace(uri: Uri, before: ReadOnlyText, text: string | undefined): void {
    if (this.#texts.get(uri.toString()) !== before || text === undefined || text === before.text) return;
    before.text = text;
    this.#changed.fire(uri);
  }
}

interface ReadOnlyText {
  text: string;
  readonly readAgain: ReadAgain | undefined;
  readAt: number;
  /** The next attempt, after one that failed. */
  later?: ReturnType<typeof setTimeout>;
}

/** What may be over in a moment: a login that takes its time, too, of which no other one is begun. */
const passing: readonly FailureReason[] = [
  'canceled',
  'unreachable',
  'timed-out',
  'throttled',
  'server-error',
];

/** What goes on for longer is read again when the person comes back. */
const mostRepeats = 6;
const repeatMs = 5000;

function isVisible(uri: Uri): boolean {
  return window.visibleTextEditors.some(({ document }) => document.uri.toString() === uri.toString());
}

export const scheme = 'egressrouter';

/** Of an editor that was left open when the window was closed. */
const gone = t`# This text was not kept. Open it again from the view Egress Routers.\n`;
