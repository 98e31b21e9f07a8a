import { egressRouterKind } from '#core/egress-router/wire.ts';
import type { ReadOptions } from './document.ts';
import { diagnosticsOfPatch } from './features/checks/patch-checks.ts';
import { isKustomization } from './kustomization.ts';
import { inlinePatches } from './patched-addresses.ts';
import { readContent, type SliceContent } from './slice-content.ts';
import { withLineFeeds } from './text/line-ends.ts';
import { toSlices } from './text/slices.ts';
import { moved } from './text/span.ts';
import { mayHoldTemplates } from './text/templates.ts';
import { Source } from './yaml/source.ts';
import { spanOf } from './yaml/source-map.ts';

/**
 * Whether a document that is no object of ours may change one: it holds operations of JSON 6902 on addresses, or is
 * a kustomization with patches of its own. Costs next to nothing.
 */
export function mayPatchRouters(uri: string, text: string): boolean {
  if (mayHoldTemplates(text)) return false;
  if (text.includes('/spec') && text.includes('addresses')) return true;
  return isKustomization(uri) && text.includes(egressRouterKind) && text.includes('patches');
}

/** What is known of such a document: what is wrong with the patches in a kustomization, as far as each tells by itself. */
export function readPatch(uri: string, text: string, options: ReadOptions): SliceContent {
  const source = new Source(text);
  const { reconciler } = options;
  if (!isKustomization(uri)) return { objects: [], diagnostics: [], reconciler, source };
  const parsed = source.parsed();
  const diagnostics = inlinePatches(parsed.value).flatMap(({ text: patch, path }) =>
    toSlices(withLineFeeds(patch)).flatMap((slice) => {
      const content = readContent(slice.text, options);
      return (content === undefined ? [] : diagnosticsOfPatch(content)).map((diagnostic) => ({
        ...diagnostic,
        span: spanOf(parsed, { path, within: moved(diagnostic.span, slice.start) }),
        // Their edits and paths are those of the patch by itself.
        related: [],
        fixes: [],
      }));
    }),
  );
  return { objects: [], diagnostics, reconciler, source };
}
