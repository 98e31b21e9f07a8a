import { listAt } from '#core/json-value.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import { type AddressPatch, addressPatchIn } from './address-patches.ts';
import { resolved } from './file-key.ts';
import { withLineFeeds } from './text/line-ends.ts';
import { toSlices } from './text/slices.ts';
import { fastValue } from './yaml/fast-value.ts';
import { parseSlice } from './yaml/parsed.ts';

/** Whether a file is, by its name, one that Kustomize reads to know what to build. */
export function isKustomization(uri: string): boolean {
  return /(?:^|[\\/])kustomization\.ya?ml$/.test(uri);
}

/** What a kustomization says of other files, each by its key. */
export interface NamedFiles {
  readonly namespace?: string;
  readonly patches: readonly string[];
  /** The same, with those that stand in the kustomization itself. */
  readonly given: readonly GivenPatch[];
  readonly resources: readonly string[];
  /** Folders, which are among the resources too. */
  readonly components: readonly string[];
  /** Something else than its patches changes what it builds. */
  readonly rewrites?: true;
}

export const noFiles: NamedFiles = { patches: [], given: [], resources: [], components: [] };

/** A patch as a kustomization gives it: in a file or in its own text. */
interface GivenPatch {
  readonly file?: string;
  readonly inline?: AddressPatch;
  readonly target?: unknown;
}

/** The same for the same text and key. @param key of the kustomization */
export function filesNamedIn(text: string, key: string): NamedFiles {
  if (!namesFiles(text)) return noFiles;
  const values = valuesIn(text);
  const pathsIn = (fields: readonly string[]): readonly string[] =>
    values.flatMap((value) =>
      fields.flatMap((field) =>
        listAt(value, field)
          .flatMap(pathOf)
          .map((path) => resolved(key, path)),
      ),
    );
  const foldersIn = (fields: readonly string[]): readonly string[] => [
    ...new Set(pathsIn(fields).map((path) => path.replace(/\/$/, ''))),
  ];
  return {
    patches: pathsIn(patchFields),
    given: values.flatMap((value) =>
      patchFields.flatMap((field) => listAt(value, field).map((entry) => givenPatch(entry, key))),
    ),
    // A folder stands for the kustomization in it; `bases` is how they were once named.
    resources: foldersIn(['resources', 'bases', 'components']),
    components: foldersIn(['components']),
    ...namespaceIn(values),
    ...(values.some((value) => rewritingFields.some((field) => listAt(value, field).length > 0))
      ? { rewrites: true }
      : {}),
  };
}

const rewritingFields = ['components', 'replacements', 'transformers'] as const;
const patchFields = ['patches', 'patchesStrategicMerge', 'patchesJson6902'] as const;

function givenPatch(entry: unknown, kustomization: string): GivenPatch {
  const [path] = pathOf(entry);
  const target = isJsonObject(entry) ? entry['target'] : undefined;
  const text = isJsonObject(entry) ? entry['patch'] : entry;
  return {
    ...(path === undefined ? {} : { file: resolved(kustomization, path) }),
    ...(path === undefined && typeof text === 'string' ? { inline: addressPatchIn(text) } : {}),
    ...(target === undefined ? {} : { target }),
  };
}

function namespaceIn(values: readonly unknown[]): { readonly namespace?: string } {
  const [namespace] = values.flatMap((value) => {
    const found = isJsonObject(value) ? value['namespace'] : undefined;
    return typeof found === 'string' && found !== '' ? [found] : [];
  });
  return namespace === undefined ? {} : { namespace };
}

/** Whether a kustomization may say anything of other files. */
export function namesFiles(text: string): boolean {
  return ['patches', 'resources', 'bases', 'components'].some((field) => text.includes(field));
}

/** Files that a kustomization gives as patches, as it spells them. */
export function patchFilesNamedIn(text: string): readonly string[] {
  if (!text.includes('patches')) return [];
  return valuesIn(text).flatMap((value) =>
    patchFields.flatMap((field) => listAt(value, field).flatMap(pathOf)),
  );
}

function valuesIn(text: string): readonly unknown[] {
  return toSlices(withLineFeeds(text)).map(
    (slice) => fastValue(slice.text)?.value ?? parseSlice(slice.text).value,
  );
}

/** A patch may also be written where it is named. */
function pathOf(entry: unknown): readonly string[] {
  const path = isJsonObject(entry) ? entry['path'] : entry;
  return typeof path === 'string' && path !== '' && !path.includes('\n') ? [path] : [];
}
