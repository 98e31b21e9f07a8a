import type { DocumentId, RelatedPlace } from '#core/problem.ts';
import type { ClusterFacts } from '#core/relations/cluster-facts.ts';
import { RelationIndex } from '#core/relations/relation-index.ts';
import { diagnosticsBeside } from './diagnostics-beside.ts';
import type { FileSlice, YamlFile } from './document.ts';
import { factsBeside } from './facts-beside.ts';
import type { Diagnostic } from './features/checks/diagnostic.ts';
import { compareDocuments, type KnownDocument, sameAround } from './known-document.ts';
import { isKustomization } from './kustomization.ts';
import { Kustomizations } from './kustomizations.ts';
import { contentsWithPatches } from './patch-content.ts';
import { Referrers } from './referrers.ts';
import { RouterDocuments } from './router-documents.ts';
import type { SliceContent } from './slice-content.ts';
import { indexOfSlice } from './text/slices.ts';
import { moved, type Span } from './text/span.ts';
import { spanOf } from './yaml/source-map.ts';

/** A diagnostic of a file, and the slice that its offsets count from. */
export interface FileDiagnostic {
  readonly slice: FileSlice;
  readonly diagnostic: Diagnostic;
  /** Where the other places are that have a part in it. */
  readonly related: readonly FilePlace[];
}

export interface FilePlace {
  readonly uri: string;
  /** Counts from the start of the file. */
  readonly span: Span;
  readonly message: string;
}

/**
 * Files that stand beside each other, and what is wrong with each: by itself, and beside the others. What is said
 * depends on the files as they are, not on what they were. Nothing is looked for before it is asked for, and then
 * only for documents that a change can have touched.
 */
export class Workspace {
  readonly #entries = new Map<string, Entry>();
  readonly #documents = new Map<DocumentId, KnownDocument>();
  readonly #index = new RelationIndex({
    fileOf: (id) => this.#documents.get(id)?.uri ?? '',
    unitOf: (id) => this.#documents.get(id)?.unit ?? '',
    compare: (a, b) => compareDocuments(this.#documents.get(a), this.#documents.get(b)),
  });
  /** Whose diagnostics name places in others, as far as has been asked. */
  readonly #referrers = new Referrers();
  readonly #spans = new WeakMap<RelatedPlace, { readonly content: SliceContent; readonly span: Span }>();
  /** Those that the index is still to be told of: many at once cost it less. */
  readonly #pending = new Set<KnownDocument>();
  readonly #kustomizations = new Kustomizations();
  /** Whether it is still to be looked what they say of the documents now. */
  #areKustomizationsNew = false;
  /** Files that it is still to be looked whether they are patches. */
  readonly #unread = new Set<string>();
  readonly #routers = new RouterDocuments(() => this.#documents.values());
  #changed = new Set<string>();
  #cluster: ClusterFacts | undefined;
  #documentCount = 0;

  /** @param file one that `readYamlFile` or `changeYamlFile` made with the help of the one before costs the least */
  setFile(uri: string, file: YamlFile): void {
    const known = this.#entries.get(uri);
    if (known?.file === file) return;
    const entry = known ?? { file, documents: [], patches: new Map() };
    this.#entries.set(uri, entry);
    this.#changed.add(uri);
    this.#replace(uri, entry, file);
    this.#unread.add(uri);
    if (isKustomization(uri)) this.#learnKustomization(uri, file.text);
  }

  deleteFile(uri: string): void {
    const entry = this.#entries.get(uri);
    if (entry === undefined) return;
    for (const document of entry.documents) if (document !== undefined) this.#forget(document);
    this.#referrers.delete(uri);
    this.#entries.delete(uri);
    this.#changed.add(uri);
    this.#unread.add(uri);
    if (isKustomization(uri)) this.#learnKustomization(uri);
  }

  /** What is known beside the files. */
  setContext({ cluster }: { readonly cluster?: ClusterFacts }): void {
    if (cluster === this.#cluster) return;
    this.#cluster = cluster;
    for (const document of this.#documents.values()) this.#touch(document);
  }

  file(uri: string): YamlFile | undefined {
    return this.#entries.get(uri)?.file;
  }

  uris(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** Whether a kustomization puts what the file says over objects that are written elsewhere. */
  isPatch(uri: string): boolean {
    return this.#kustomizations.isPatch(uri);
  }

  /** In the order of the text. None for a file that is not known. */
  diagnosticsOf(uri: string): readonly FileDiagnostic[] {
    const entry = this.#entries.get(uri);
    if (entry === undefined) return [];
    this.#tellIndex();
    const refersTo = new Set<string>();
    const found: FileDiagnostic[] = [];
    // Gone through with each keystroke: of most documents it is known that there is nothing to say.
    for (let index = 0; index < entry.documents.length; index += 1) {
      const document = entry.documents[index];
      if (document === undefined || document.diagnostics?.length === 0) continue;
      const slice = entry.file.slices[index];
      if (slice === undefined) continue;
      for (const diagnostic of this.#tellOf(document)) {
        const related = diagnostic.related.flatMap((place) => this.#locate(document, place) ?? []);
        for (const place of related) if (place.uri !== uri) refersTo.add(place.uri);
        found.push({ slice, diagnostic, related });
      }
    }
    this.#referrers.set(uri, refersTo);
    return found;
  }

  /** Those of one document, which counts their offsets. */
  diagnosticsIn(uri: string, slice: FileSlice): readonly Diagnostic[] {
    const entry = this.#entries.get(uri);
    const document = entry?.documents[indexOfSlice(entry.file.slices, slice)];
    this.#tellIndex();
    return document === undefined ? [] : this.#tellOf(document);
  }

  /** The files of which `diagnosticsOf` may say something else, or of another place, than when this was last asked. */
  takeChanged(): ReadonlySet<string> {
    this.#tellIndex();
    const changed = this.#changed;
    this.#changed = new Set();
    for (const uri of Array.from(changed)) {
      for (const referrer of this.#referrers.to(uri)) changed.add(referrer);
    }
    return changed;
  }

  /** Documents keep who they are where they, or those around them, are the same. */
  #replace(uri: string, entry: Entry, file: YamlFile): void {
    const { contents: all, patches } = contentsWithPatches(uri, file, entry.patches);
    entry.patches = patches;
    const { documents } = entry;
    const { head, tail } = sameAround(documents, all);
    const after = documents.length - tail;
    const between = documents.slice(head, after).filter((document) => document !== undefined);
    const contents = all.slice(head, all.length - tail);
    const count = contents.filter((content) => content !== undefined).length;
    for (const document of between.splice(count)) this.#forget(document);
    const fresh = contents.map((content) =>
      content === undefined ? undefined : (between.shift() ?? this.#meet(uri, content)),
    );
    entry.file = file;
    entry.documents = documents.slice(0, head).concat(fresh, documents.slice(after));
    // The index asks for the order while it is told of the documents one by one.
    const end = all.length === documents.length ? head + fresh.length : all.length;
    for (let rank = head; rank < end; rank += 1) {
      const document = entry.documents[rank];
      if (document !== undefined) document.rank = rank;
    }
    for (const [index, document] of fresh.entries()) {
      const content = contents[index];
      if (document !== undefined && content !== undefined) this.#learn(document, content);
    }
  }

  #learnKustomization(uri: string, text?: string): void {
    if (this.#kustomizations.set(uri, text)) this.#areKustomizationsNew = true;
  }

  #meet(uri: string, content: SliceContent): KnownDocument {
    this.#documentCount += 1;
    const unit = this.#areKustomizationsNew ? uri : this.#kustomizations.unitOf(uri);
    const document = { id: `${this.#documentCount}`, uri, unit, rank: 0, content, diagnostics: undefined };
    this.#documents.set(document.id, document);
    this.#pending.add(document);
    this.#touchAskers(document, undefined, content);
    return document;
  }

  #learn(document: KnownDocument, content: SliceContent): void {
    this.#touchAskers(document, document.content, content);
    document.content = content;
    if (!this.#pending.has(document))
      this.#touchAll(this.#index.set(document.id, factsBeside(this.#kustomizations, document.uri, content)));
  }

  #forget(document: KnownDocument): void {
    if (!this.#pending.delete(document)) this.#touchAll(this.#index.delete(document.id));
    this.#documents.delete(document.id);
    this.#touchAskers(document, document.content, undefined);
  }

  #tellIndex(): void {
    this.#readPatches();
    if (this.#areKustomizationsNew) this.#meetAgain();
    if (this.#pending.size === 0) return;
    const news = [...this.#pending].map(
      (document) => [document.id, factsBeside(this.#kustomizations, document.uri, document.content)] as const,
    );
    this.#pending.clear();
    if (news.length * 2 < this.#documents.size) {
      for (const [id, facts] of news) this.#touchAll(this.#index.set(id, facts));
    } else {
      this.#index.load(news);
      for (const document of this.#documents.values()) this.#touch(document);
    }
  }

  #readPatches(): void {
    const uris = this.#areKustomizationsNew
      ? new Set([...this.#entries.keys(), ...this.#unread])
      : this.#unread;
    for (const uri of uris) {
      if (!this.#kustomizations.isPatch(uri)) continue;
      if (this.#kustomizations.setPatch(uri, this.#entries.get(uri)?.file.text))
        this.#areKustomizationsNew = true;
    }
    this.#unread.clear();
  }

  /** Kustomizations seldom change: the index is told of all documents anew then. */
  #meetAgain(): void {
    this.#areKustomizationsNew = false;
    for (const document of this.#documents.values()) {
      if (!this.#pending.has(document)) this.#index.delete(document.id);
      this.#pending.add(document);
    }
    for (const document of this.#documents.values())
      document.unit = this.#kustomizations.unitOf(document.uri);
  }

  #touchAll(ids: ReadonlySet<DocumentId>): void {
    for (const id of ids) {
      const document = this.#documents.get(id);
      if (document !== undefined) this.#touch(document);
    }
  }

  #touchAskers(document: KnownDocument, before?: SliceContent, now?: SliceContent): void {
    for (const asker of this.#routers.change(document, before, now)) this.#touch(asker);
  }

  #touch(document: KnownDocument): void {
    document.diagnostics = undefined;
    this.#changed.add(document.uri);
  }

  #tellOf(document: KnownDocument): readonly Diagnostic[] {
    document.diagnostics ??= diagnosticsBeside(document, {
      kustomizations: this.#kustomizations,
      index: this.#index,
      cluster: this.#cluster,
      routersNamed: (name) => this.#routers.named(name, document),
    });
    return document.diagnostics;
  }

  #locate(from: KnownDocument, place: RelatedPlace): FilePlace | undefined {
    const document = place.document === undefined ? from : this.#documents.get(place.document);
    if (document === undefined) return undefined;
    const { uri, rank, content } = document;
    const known = this.#spans.get(place);
    const span = known?.content === content ? known.span : spanOf(content.source.parsed(), place);
    if (known?.span !== span) this.#spans.set(place, { content, span });
    const start = this.#entries.get(uri)?.file.slices[rank]?.start ?? 0;
    return { uri, span: moved(span, start), message: place.message };
  }
}

interface Entry {
  file: YamlFile;
  /** One for each slice; none where that concerns no egress router. */
  documents: readonly (KnownDocument | undefined)[];
  /** What was read of those that are no objects of ours, by their texts. */
  patches: ReadonlyMap<string, SliceContent>;
}
