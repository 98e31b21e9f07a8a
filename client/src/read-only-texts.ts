import {
  type Disposable,
  EventEmitter,
  type TextDocumentContentProvider,
  type TextEditor,
  Uri,
  window,
  workspace,
} from 'vscode';
import { t } from './l10n.ts';

/** Who comes back sooner than this sees what was read last (milliseconds). */
const freshMs = 1000;

/** How a text is read anew; undefined keeps it as it is. Told what it was last. */
export type ReadAgain = (shown: string) => Promise<string | undefined>;

/**
 * Texts that are only looked at, such as an object of the cluster. Gone when their editor is closed; those that
 * can be read again are, whenever the person comes back to them.
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
    this.#changed.dispose();
  }

  #readAgain(editors: readonly TextEditor[]): void {
    for (const { document } of editors) {
      const shown = this.#texts.get(document.uri.toString());
      if (shown?.readAgain === undefined || Date.now() - shown.readAt < freshMs) continue;
      shown.readAt = Date.now();
      shown.readAgain(shown.text).then(
        (text) => this.#replace(document.uri, shown, text),
        (error: unknown) => this.#log(`${document.uri.path}: not read again: ${String(error)}`),
      );
    }
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
}

export const scheme = 'egressrouter';

/** Of an editor that was left open when the window was closed. */
const gone = t`# This text was not kept. Open it again from the view Egress Routers.\n`;
