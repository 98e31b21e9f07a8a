import { checkRouter } from '#core/egress-router/checks/checks.ts';
import { isEgressRouter, parseRouter } from '#core/egress-router/parse.ts';
import { egressRouterApiVersion, egressRouterKind } from '#core/egress-router/wire.ts';
import { namedPath } from '#core/entry-names.ts';
import { at, textAt } from '#core/json-value.ts';
import { legacyRoutersIn } from '#core/legacy/detect.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import type { Problem } from '#core/problem.ts';
import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';
import type { DeployPlan, SourceDocument } from '../api.ts';

export interface DocumentReading {
  readonly wanted: readonly KubernetesObject[];
  readonly refused: DeployPlan['refused'];
  readonly skipped: DeployPlan['skipped'];
  readonly warnings: DeployPlan['warnings'];
}

/** Sorts documents into what can be applied and what cannot; `namespace` is for those that name none. */
export function readDocuments(documents: readonly SourceDocument[], namespace: string): DocumentReading {
  const wanted = new Map<string, KubernetesObject>();
  const refused: { source: string; problems: readonly Problem[] }[] = [];
  const skipped: DeployPlan['skipped'][number][] = [];
  const warnings: { source: string; problems: readonly Problem[] }[] = [];
  for (const { value, source } of documents.flatMap((one) => expandList(one))) {
    if (value === null || value === undefined) continue;
    if (!isEgressRouter(value)) {
      const kind = textAt(value, 'kind') ?? 'unknown kind';
      skipped.push({ source, kind, ...(legacyRoutersIn(value).length > 0 ? { isLegacy: true } : {}) });
      continue;
    }
    const { router, reading, problems } = parseRouter(value);
    const all: readonly Problem[] = [...problems, ...checkRouter(reading)];
    const isError = (problem: Problem): boolean => problem.severity === 'error';
    if (router === undefined || all.some(isError)) {
      const errors = all.filter(isError);
      refused.push({ source, problems: errors.map((one) => ({ ...one, path: namedPath(one.path, value) })) });
      continue;
    }
    const told = all.filter(({ severity }) => severity === 'warning');
    if (told.length > 0) warnings.push({ source, problems: told });
    const object = toApplied(value, router.name, router.namespace ?? namespace);
    const key = `${object.metadata.namespace}/${object.metadata.name}`;
    if (wanted.has(key)) refused.push({ source, problems: [duplicate(key)] });
    else wanted.set(key, object);
  }
  return {
    wanted: [...wanted.values()],
    refused,
    skipped,
    warnings,
  };
}

/** A List, as `oc get -o yaml` prints it, is its items; so is an EgressRouterList, and a List in a List. */
export function expandList(document: SourceDocument, depth = 0): readonly SourceDocument[] {
  const items = at(document.value, 'items');
  const isList = textAt(document.value, 'kind')?.endsWith('List') === true && Array.isArray(items);
  if (!isList || depth > maxListDepth) return [document];
  return items.flatMap((value: unknown, index) =>
    expandList({ value, source: `${document.source}, item ${index + 1}` }, depth + 1),
  );
}

/** As deep as lint looks: so many Lists within a List. */
const maxListDepth = 4;

/** Only what a person decides: a manifest saved from a cluster also holds what the API server wrote. */
function toApplied(value: JsonObject, name: string, namespace: string): KubernetesObject {
  const annotations = without(at(value, 'metadata', 'annotations'), lastAppliedAnnotation);
  const labels = at(value, 'metadata', 'labels');
  return {
    apiVersion: egressRouterApiVersion,
    kind: egressRouterKind,
    metadata: {
      name,
      namespace,
      ...(isTextMap(labels) ? { labels } : {}),
      ...(isTextMap(annotations) ? { annotations } : {}),
    },
    spec: value['spec'],
  };
}

const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';

function without(value: unknown, key: string): unknown {
  if (!isJsonObject(value)) return undefined;
  const { [key]: _, ...rest } = value;
  return Object.keys(rest).length === 0 ? undefined : rest;
}

function isTextMap(value: unknown): value is Readonly<Record<string, string>> {
  return isJsonObject(value) && Object.values(value).every((entry) => typeof entry === 'string');
}

function duplicate(key: string): Problem<'duplicate-router'> {
  return {
    code: 'duplicate-router',
    severity: 'error',
    path: ['metadata', 'name'],
    message: `Another document describes EgressRouter ${key} as well. Keep one of them.`,
  };
}
