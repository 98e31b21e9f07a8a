import { isEgressRouter } from '#core/egress-router/parse.ts';
import { checkPatchOfRouter } from '#core/egress-router/patch-target.ts';
import { textAt } from '#core/json-value.ts';
import type { DocumentId, Path, Problem } from '#core/problem.ts';
import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';
import type { Diagnostic, DiagnosticCode } from './features/checks/diagnostic.ts';
import { placed } from './features/checks/diagnostics.ts';
import { keyOf } from './file-key.ts';
import { isKustomization } from './kustomization.ts';
import type { Kustomizations } from './kustomizations.ts';
import { mayHoldVariables, valueAt } from './objects.ts';
import { diagnosticsInPatches, isForRouters } from './patch-content.ts';
import { nameIn } from './patch-facts.ts';
import { knownIn, type SliceContent } from './slice-content.ts';
import { mayHoldTemplates } from './text/templates.ts';
import { fastValue } from './yaml/fast-value.ts';
import type { Parsed } from './yaml/parsed.ts';

/** A document that holds a router. */
export interface RouterDocument {
  readonly id: DocumentId;
  readonly uri: string;
  readonly content: SliceContent;
}

/** The documents with a router of a name. */
export type RoutersNamed = (name: string) => readonly RouterDocument[];

/**
 * The operations of JSON 6902 in a document that Kustomize refuses for what their router does not have. Told only where
 * it is certain which router that is, and that nothing else changes it before.
 * @param named the documents with a router of a name
 */
export function diagnosticsOfTargets(
  kustomizations: Kustomizations,
  uri: string,
  { source }: SliceContent,
  named: RoutersNamed,
): readonly Diagnostic[] {
  if (mayHoldVariables(source.text)) return [];
  if (isKustomization(uri))
    return diagnosticsInPatches(source.parsed(), (patch, target) =>
      isForRouters(target) ? placed(patch, problemsOf(patch, uri, target, kustomizations, named)) : [],
    );
  const given = kustomizations.givenAs(uri).filter(({ target }) => isForRouters(target));
  if (given.length === 0) return [];
  const parsed = source.parsed();
  return placed(
    parsed,
    given.flatMap(({ kustomization, target }) =>
      problemsOf(parsed, kustomization, target, kustomizations, named),
    ),
  );
}

function problemsOf(
  { value, faults }: Parsed,
  kustomization: string,
  target: unknown,
  kustomizations: Kustomizations,
  named: RoutersNamed,
): readonly Problem<DiagnosticCode>[] {
  const name = nameIn(target);
  if (!Array.isArray(value) || faults.length > 0 || name === undefined) return [];
  // Asked for first: it may come to be one of the files.
  const known = named(name);
  const files = kustomizations.builtAsWritten(kustomization, name);
  const [router, ...others] = known
    .filter(({ uri }) => files.has(keyOf(uri)))
    .flatMap((document) => routersIn(document, name));
  const namespace = textAt(target, 'namespace');
  if (router === undefined || others.length > 0) return [];
  if (router.manifest === undefined) return [];
  if (namespace !== undefined && namespace !== textAt(router.manifest, 'metadata', 'namespace')) return [];
  const { document, path } = router;
  const related = [{ document, path, message: 'The router that the patch is for.' }];
  return checkPatchOfRouter(value, router.manifest, name).map((problem) => ({ ...problem, related }));
}

interface Found {
  readonly document: DocumentId;
  /** Of its name. */
  readonly path: Path;
  /** Absent where it is not known as it is. */
  readonly manifest?: JsonObject;
}

function routersIn({ id, content }: RouterDocument, name: string): readonly Found[] {
  const { source, diagnostics } = content;
  const isUnread =
    mayHoldTemplates(source.text) ||
    diagnostics.some(({ code }) => code === 'yaml-syntax' || code === 'duplicate-key');
  return knownIn(content)
    .filter(({ kind, facts }) => kind === 'router' && facts.name === name)
    .map(({ root, hasParameters }) => {
      const place = { document: id, path: [...root, 'metadata', 'name'] };
      if (isUnread || hasParameters === true) return place;
      const value = valueAt(fastValue(source.text)?.value ?? source.parsed().value, root);
      return isJsonObject(value) && isEgressRouter(value) ? { ...place, manifest: value } : place;
    });
}
