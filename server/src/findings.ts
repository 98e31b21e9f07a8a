import { TextDocument } from 'vscode-languageserver-textdocument';
import type { DiagnosticRelatedInformation } from 'vscode-languageserver-types';
import type { FileSlice, YamlFile } from '#language/document.ts';
import type { Diagnostic } from '#language/features/checks/diagnostic.ts';
import { type FileDiagnostic, type FilePlace, Workspace } from '#language/workspace.ts';
import { toRange } from './convert.ts';
import type { OpenDocuments } from './documents.ts';
import type { KnownFiles } from './known-files.ts';
import type { Situation } from './situation.ts';

/** What is wrong with the files of the workspace as they are now. */
export class Findings {
  readonly #open: OpenDocuments;
  readonly #files: KnownFiles;
  readonly #situation: Situation;
  readonly #workspace = new Workspace();
  /** Of files that are not open. */
  readonly #texts = new WeakMap<YamlFile, TextDocument>();

  constructor(open: OpenDocuments, files: KnownFiles, situation: Situation) {
    this.#open = open;
    this.#files = files;
    this.#situation = situation;
  }

  /** The files of which there may be something else to say than when this was last asked. */
  takeChanged(): ReadonlySet<string> {
    this.#update();
    return this.#workspace.takeChanged();
  }

  of(uri: string): readonly FileDiagnostic[] {
    this.#update();
    return this.#workspace.diagnosticsOf(uri);
  }

  /** Of one document of an open file. */
  in(uri: string, slice: FileSlice): readonly Diagnostic[] {
    this.#update();
    return this.#workspace.diagnosticsIn(uri, slice);
  }

  /** Of a part of an object, which is nothing to deploy. */
  isPatch(uri: string): boolean {
    this.#update();
    return this.#workspace.isPatch(uri);
  }

  toRelatedInformation({ uri, span, message }: FilePlace): readonly DiagnosticRelatedInformation[] {
    const text = this.#textOf(uri);
    return text === undefined ? [] : [{ location: { uri, range: toRange(text, span) }, message }];
  }

  #textOf(uri: string): TextDocument | undefined {
    const open = this.#open.get(uri);
    if (open !== undefined) return open.text;
    const file = this.#workspace.file(uri);
    if (file === undefined) return undefined;
    const text = this.#texts.get(file) ?? TextDocument.create(uri, 'yaml', 0, file.text);
    this.#texts.set(file, text);
    return text;
  }

  #update(): void {
    const { cluster } = this.#situation;
    this.#workspace.setContext(cluster === undefined ? {} : { cluster });
    const files = new Map(this.#files.current().map(({ uri, file }) => [uri, file]));
    for (const uri of this.#workspace.uris()) if (!files.has(uri)) this.#workspace.deleteFile(uri);
    for (const [uri, file] of files) this.#workspace.setFile(uri, file);
  }
}
