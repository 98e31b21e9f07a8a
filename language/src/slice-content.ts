import type { Reconciler } from '#core/egress-router/reconciler.ts';
import type { Diagnostic } from './features/checks/diagnostic.ts';
import { isSound, toDiagnostics } from './features/checks/diagnostics.ts';
import { commentFault } from './features/checks/refused-writing.ts';
import { looksLikeEgressRouter, mayConcernEgressRouters } from './is-egress-router.ts';
import {
  type DocumentObject,
  type KnownObject,
  mayHoldVariables,
  objectsIn,
  readRouter,
  toKnown,
} from './objects.ts';
import type { Span } from './text/span.ts';
import { fastValue } from './yaml/fast-value.ts';
import { jsonComments, withoutSpans } from './yaml/json-comments.ts';
import type { KnownLines } from './yaml/known-lines.ts';
import type { Parsed } from './yaml/parsed.ts';
import { Source } from './yaml/source.ts';

/** All that is known of one YAML document; offsets count from the start of its slice. */
export interface SliceContent {
  /** Those that concern egress routers, in order. More than one where the document is a List or a Template. */
  readonly objects: readonly DocumentObject[];
  /** What others go by of each of them, where that is kept and the objects are read again for whoever asks. */
  readonly known?: readonly KnownObject[];
  /** What can be told from this document alone. */
  readonly diagnostics: readonly Diagnostic[];
  readonly reconciler: Reconciler;
  readonly source: Source;
}

/**
 * @param options what holds where the document does not say otherwise
 * @param lines those of other documents, where many are read
 */
export function readContent(
  text: string,
  options: { readonly reconciler: Reconciler },
  lines?: KnownLines,
): SliceContent | undefined {
  if (!mayConcernEgressRouters(text)) return undefined;
  const comments = jsonComments(text);
  if (comments.length > 0) return readWithoutComments(text, comments, options);
  const source = new Source(text);
  const fast = fastValue(text, lines);
  const objects =
    fast === undefined ? objectsOf(source.parsed()) : objectsIn(fast.value, mayHoldVariables(text));
  if (objects.length === 0) return undefined;
  const reconciler = writtenReconciler(text) ?? options.reconciler;
  // Places cost many times as much as the value, and are wanted only where there is something to show.
  const diagnostics =
    fast !== undefined && isSound(fast.value, objects, reconciler)
      ? []
      : toDiagnostics(source.parsed(), objects, reconciler);
  return { objects, diagnostics, reconciler, source };
}

/** What it says is known all the same. */
function readWithoutComments(
  text: string,
  comments: readonly Span[],
  options: { readonly reconciler: Reconciler },
): SliceContent | undefined {
  const content = readContent(withoutSpans(text, comments), options);
  if (content === undefined) return undefined;
  const diagnostics = [commentFault(comments), ...content.diagnostics];
  return { ...content, diagnostics: diagnostics.toSorted((a, b) => a.span.start - b.span.start) };
}

/** What others go by of the objects of a document. */
export function knownIn(content: SliceContent): readonly KnownObject[] {
  return content.known ?? content.objects.map(toKnown);
}

export function kindsIn(content: SliceContent): readonly DocumentObject['kind'][] {
  return (content.known ?? content.objects).map(({ kind }) => kind);
}

function objectsOf(parsed: Parsed): readonly DocumentObject[] {
  const found = objectsIn(parsed.value, mayHoldVariables(parsed.text));
  return found.length === 0 && looksLikeEgressRouter(parsed) ? [readRouter(parsed.value, [])] : found;
}

/** A document may say who reconciles it, in a comment spelled as the setting: `# egressRouter.reconciler: agent`. */
function writtenReconciler(text: string): Reconciler | undefined {
  if (!text.includes('egressRouter.reconciler')) return undefined;
  const written = /^[ \t]*#[ \t]*egressRouter\.reconciler:[ \t]*(cno|agent)[ \t\r]*$/m.exec(text)?.[1];
  return written === 'cno' || written === 'agent' ? written : undefined;
}
