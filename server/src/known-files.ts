import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Facts } from '#core/relations/facts.ts';
import { type ReadOptions, readYamlFile, type YamlFile } from '#language/document.ts';
import { mayConcernEgressRouters } from '#language/is-egress-router.ts';
import { isKustomization, namesFiles } from '#language/kustomization.ts';
import { toFacts } from '#language/objects.ts';
import { mayPatchRouters } from '#language/patch-content.ts';
import type { SliceContent } from '#language/slice-content.ts';
import type { OpenDocument, OpenDocuments } from './documents.ts';

/** A file that concerns egress routers, open or not. */
export interface KnownFile extends OpenDocument {
  readonly uri: string;
  readonly isOpen: boolean;
}

/** The files of the workspace that concern egress routers: what is open, as it is in the editor; else as it is on disk. */
export class KnownFiles {
  readonly #open: OpenDocuments;
  readonly #options: () => ReadOptions;
  /** Of files that are not open, by `keyOf` their URI. */
  readonly #closed = new Map<string, { readonly uri: string; readonly file: YamlFile }>();
  /** Of documents as long as they stay the same. */
  readonly #facts = new WeakMap<SliceContent, readonly Facts[]>();

  constructor(open: OpenDocuments, options: () => ReadOptions) {
    this.#open = open;
    this.#options = options;
  }

  /** @param text as it is on disk; undefined for a file that is gone. @returns whether there is anything new */
  set(uri: string, text: string | undefined): boolean {
    const key = keyOf(uri);
    const known = this.#closed.get(key);
    const saysOfOthers =
      text !== undefined && ((isKustomization(uri) && namesFiles(text)) || mayPatchRouters(uri, text));
    if (text === undefined || !(saysOfOthers || mayConcernEgressRouters(text)))
      return this.#closed.delete(key);
    if (known?.file.text === text) return false;
    const file = readYamlFile(text, known?.file, this.#options());
    if (!saysOfOthers && !file.slices.some(({ content }) => content !== undefined))
      return this.#closed.delete(key);
    this.#closed.set(key, { uri, file });
    return true;
  }

  /** @returns whether any was known */
  deleteBelow(folder: string): boolean {
    const start = startOf(folder);
    const below = [...this.#closed.keys()].filter((key) => key.startsWith(start));
    for (const key of below) this.#closed.delete(key);
    return below.length > 0;
  }

  /** Whether an open document has anything of ours. */
  concerns(uri: string): boolean {
    const file = this.#open.get(uri)?.file;
    return (
      file?.slices.some(({ text, content }) => content !== undefined || mayPatchRouters(uri, text)) === true
    );
  }

  /** Of all objects of the workspace. */
  facts(): readonly Facts[] {
    return this.current().flatMap(({ file }) =>
      file.slices.flatMap(({ content }) => (content === undefined ? [] : this.#factsOf(content))),
    );
  }

  /** Open ones first. */
  all(): readonly KnownFile[] {
    return this.current().map(({ uri, file, text }) => ({
      uri,
      file,
      text: text ?? TextDocument.create(uri, 'yaml', 0, file.text),
      isOpen: text !== undefined,
    }));
  }

  /** The same without the texts of those that are not open. */
  current(): readonly { readonly uri: string; readonly file: YamlFile; readonly text?: TextDocument }[] {
    const open = this.#open.uris().flatMap((uri) => {
      const document = this.#open.get(uri);
      return document === undefined ? [] : [{ uri, ...document }];
    });
    const openKeys = new Set(open.map(({ uri }) => keyOf(uri)));
    return [...open, ...[...this.#closed].flatMap(([key, entry]) => (openKeys.has(key) ? [] : [entry]))];
  }

  #factsOf(content: SliceContent): readonly Facts[] {
    const known = this.#facts.get(content);
    if (known !== undefined) return known;
    const facts = content.objects.map(toFacts);
    this.#facts.set(content, facts);
    return facts;
  }
}

/** Whether a file is one that reading the folder finds: below it, and neither hidden there nor of a package. */
export function isLookedForBelow(folder: string, uri: string): boolean {
  const [start, key] = [startOf(folder), keyOf(uri)];
  return key.startsWith(start) && !/(?:^|\/)(?:\.|node_modules\/)/.test(key.slice(start.length));
}

/** The same for a folder however it is spelled: what the keys of all below it begin with. */
export function startOf(folder: string): string {
  return keyOf(folder.endsWith('/') ? folder : `${folder}/`);
}

/** Editors escape different characters, and write drive letters in either case. */
export function keyOf(uri: string): string {
  return decoded(uri).replace(/^file:\/\/\/[A-Z]:/, (start) => start.toLowerCase());
}

function decoded(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    // A stray % is part of the name.
    return uri;
  }
}
