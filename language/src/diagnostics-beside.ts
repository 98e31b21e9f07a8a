import { checkRelations } from '#core/relations/checks.ts';
import type { ClusterFacts } from '#core/relations/cluster-facts.ts';
import type { RelationIndex } from '#core/relations/relation-index.ts';
import type { Diagnostic } from './features/checks/diagnostic.ts';
import { fromRoot, placed } from './features/checks/diagnostics.ts';
import { diagnosticsOfOperations, diagnosticsOfPatch } from './features/checks/patch-checks.ts';
import type { KnownDocument } from './known-document.ts';
import type { Kustomizations } from './kustomizations.ts';
import { isForRouters } from './patch-content.ts';
import { diagnosticsOfTargets, type RoutersNamed } from './patch-targets.ts';
import { kindsIn, type SliceContent } from './slice-content.ts';

/** What stands beside a document. */
interface Beside {
  readonly kustomizations: Kustomizations;
  /** It holds the document too. */
  readonly index: RelationIndex;
  readonly cluster: ClusterFacts | undefined;
  readonly routersNamed: RoutersNamed;
}

/** What is wrong with a document by itself, as the part of an object that it may be, and beside the others. */
export function diagnosticsBeside(
  { id, uri, content }: Pick<KnownDocument, 'id' | 'uri' | 'content'>,
  { kustomizations, index, cluster, routersNamed }: Beside,
): readonly Diagnostic[] {
  const { diagnostics: own, reconciler, source } = content;
  if (own.some(isUnreadable)) return own;
  const ofDocument = kustomizations.isPatch(uri) ? ofPatch(kustomizations, uri, content) : own;
  const ofTargets =
    kindsIn(content).length > 0 ? [] : diagnosticsOfTargets(kustomizations, uri, content, routersNamed);
  const ownOrPart = ofTargets.length === 0 ? ofDocument : inOrder([...ofDocument, ...ofTargets]);
  const context = cluster === undefined ? { reconciler } : { reconciler, cluster };
  const problems = index
    .in(id)
    .flatMap((known) =>
      checkRelations(known, index, context).map((problem) => fromRoot(known.root, problem)),
    );
  if (problems.length === 0) return ownOrPart;
  return inOrder([...ownOrPart, ...placed(source.parsed(), problems)]);
}

function ofPatch(kustomizations: Kustomizations, uri: string, content: SliceContent): readonly Diagnostic[] {
  if (kindsIn(content).length > 0) return diagnosticsOfPatch(content);
  const isOfRouters = kustomizations.givenAs(uri).some(({ target }) => isForRouters(target));
  return isOfRouters ? diagnosticsOfOperations(content.source.parsed()) : [];
}

function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.toSorted((a, b) => a.span.start - b.span.start);
}

function isUnreadable({ code }: Diagnostic): boolean {
  return code === 'yaml-syntax' || code === 'duplicate-key';
}
