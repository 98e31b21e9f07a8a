import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Manifest, ManifestFile } from '#core/protocol.ts';
import type { YamlFile } from '#language/document.ts';
import { type RouterInFile, routersIn } from '#language/features/routers.ts';
import { SliceMemo } from '#language/slice-memo.ts';
import { moved } from '#language/text/span.ts';
import { toRange } from './convert.ts';
import type { KnownFiles } from './known-files.ts';

/** The EgressRouters of the known files, and what was last told of them. */
export class ManifestIndex {
  readonly #files: KnownFiles;
  readonly #routers = new SliceMemo(({ text }, content) => routersIn({ text, start: 0 }, content));
  /** By URI. */
  readonly #told = new Map<string, Told>();

  constructor(files: KnownFiles) {
    this.#files = files;
  }

  all(): readonly ManifestFile[] {
    this.#told.clear();
    return this.takeChanged();
  }

  /** The files of which there is something else to say than when this was last asked. */
  takeChanged(): readonly ManifestFile[] {
    const files = new Map(this.#files.current().map((known) => [known.uri, known]));
    const changed: ManifestFile[] = [];
    for (const { uri, file, text } of files.values()) {
      const told = this.#told.get(uri);
      if (told?.file === file) continue;
      const manifests = this.#manifestsOf(file, text ?? TextDocument.create(uri, 'yaml', 0, file.text));
      const json = JSON.stringify(manifests);
      this.#told.set(uri, { file, json });
      if (json !== (told?.json ?? nothing)) changed.push({ uri, manifests });
    }
    for (const [uri, { json }] of this.#told) {
      if (files.has(uri)) continue;
      this.#told.delete(uri);
      if (json !== nothing) changed.push({ uri, manifests: [] });
    }
    return changed;
  }

  #manifestsOf(file: YamlFile, text: TextDocument): readonly Manifest[] {
    return file.slices.flatMap((slice) =>
      (this.#routers.of(slice) ?? []).flatMap((router) => toManifest(router, slice.start, text)),
    );
  }
}

const nothing = '[]';

interface Told {
  readonly file: YamlFile;
  readonly json: string;
}

/** One without a name is nobody's manifest yet. */
function toManifest(
  { name, namespace, object, diagnostics, span }: RouterInFile,
  start: number,
  text: TextDocument,
): readonly Manifest[] {
  if (name === undefined) return [];
  const isSound = object !== undefined && diagnostics.every(({ severity }) => severity !== 'error');
  return [
    {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(isSound ? { object } : {}),
      range: toRange(text, moved(span, start)),
    },
  ];
}
