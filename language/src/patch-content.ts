import { egressRouterApiVersion, egressRouterKind } from '#core/egress-router/wire.ts';
import { textAt } from '#core/json-value.ts';
import type { ReadOptions, YamlFile } from './document.ts';
import type { Diagnostic } from './features/checks/diagnostic.ts';
import { diagnosticsOfOperations, diagnosticsOfPatch } from './features/checks/patch-checks.ts';
import { isKustomization } from './kustomization.ts';
import { inlinePatches } from './patched-addresses.ts';
import { readContent, type SliceContent } from './slice-content.ts';
import { withLineFeeds } from './text/line-ends.ts';
import { toSlices } from './text/slices.ts';
import { moved } from './text/span.ts';
import { mayHoldTemplates } from './text/templates.ts';
import { type Parsed, parseSlice } from './yaml/parsed.ts';
import { Source } from './yaml/source.ts';
import { spanOf } from './yaml/source-map.ts';

/**
 * Whether a document that is no object of ours may change one: it holds operations of JSON 6902, or is a
 * kustomization with patches of its own. Costs next to nothing.
 */
export function mayPatchRouters(uri: string, text: string): boolean {
  if (mayHoldTemplates(text)) return false;
  if (text.includes('path') && text.includes('op') && operation.test(text)) return true;
  return isKustomization(uri) && text.includes(egressRouterKind) && text.includes('patches');
}

const operation = /(?:^|[\s{,-])["']?op["']?[ \t]*:/;

/**
 * What each slice of a file says, also of documents that are no object of ours, but may give addresses to one.
 * @param before what was read of those, by their texts
 */
export function contentsWithPatches(
  uri: string,
  { slices, options }: YamlFile,
  before: ReadonlyMap<string, SliceContent>,
): {
  readonly contents: readonly (SliceContent | undefined)[];
  readonly patches: ReadonlyMap<string, SliceContent>;
} {
  const patches = new Map<string, SliceContent>();
  const contents = slices.map(({ text, content }) => {
    if (content !== undefined || !mayPatchRouters(uri, text)) return content;
    const known = before.get(text);
    const read = known?.reconciler === options.reconciler ? known : readPatch(uri, text, options);
    patches.set(text, read);
    return read;
  });
  return { contents, patches };
}

/** What is known of such a document: what is wrong with the patches in a kustomization, as far as each tells by itself. */
function readPatch(uri: string, text: string, options: ReadOptions): SliceContent {
  const source = new Source(text);
  const { reconciler } = options;
  if (!isKustomization(uri)) return { objects: [], diagnostics: [], reconciler, source };
  const diagnostics = diagnosticsInPatches(source.parsed(), (patch, target) =>
    diagnosticsIn(patch, isForRouters(target), options),
  );
  return { objects: [], diagnostics, reconciler, source };
}

/**
 * What is wrong with the patches that a kustomization holds itself, put where they stand.
 * @param check one document of a patch, by itself
 */
export function diagnosticsInPatches(
  parsed: Parsed,
  check: (patch: Parsed, target: unknown) => readonly Diagnostic[],
): readonly Diagnostic[] {
  return inlinePatches(parsed.value).flatMap(({ text, path, target }) =>
    toSlices(withLineFeeds(text)).flatMap((slice) =>
      check(parseSlice(slice.text), target).map((diagnostic) => ({
        ...diagnostic,
        span: spanOf(parsed, { path, within: moved(diagnostic.span, slice.start) }),
        // Their edits and paths are those of the patch by itself.
        related: diagnostic.related.filter(({ document }) => document !== undefined),
        fixes: [],
      })),
    ),
  );
}

function diagnosticsIn(parsed: Parsed, isForRouter: boolean, options: ReadOptions): readonly Diagnostic[] {
  const { text } = parsed;
  const content = readContent(text, options);
  if (content !== undefined) return diagnosticsOfPatch(content);
  return isForRouter && !mayHoldTemplates(text) ? diagnosticsOfOperations(parsed) : [];
}

/** Operations do not say what they are for: only their target does. */
export function isForRouters(target: unknown): boolean {
  const [group, version] = egressRouterApiVersion.split('/');
  const isOrLeftOut = (key: string, wanted = ''): boolean =>
    [undefined, wanted].includes(textAt(target, key));
  return (
    textAt(target, 'kind') === egressRouterKind &&
    isOrLeftOut('group', group) &&
    isOrLeftOut('version', version)
  );
}
