import { optionPrefix, readOptions } from '#core/egress-router/options.ts';
import type { JsonObject } from '#core/schema/json-schema.ts';
import { listAt, objectAt, wordAt } from '../fields.ts';
import type { LegacyReading } from '../parse.ts';

/** What the old pod asks of its node, as annotations that this project's operator reads. */
export interface PodOptions {
  readonly annotations: Readonly<Record<string, string>>;
  /** Fields of the pod, and `resources` of the router's container, of which nothing is lost. */
  readonly kept: ReadonlySet<string>;
}

/** A field that an annotation cannot say whole is left out. */
export function podOptions({ pod, router }: LegacyReading): PodOptions {
  const spec = objectAt(pod['spec']);
  const { requests, limits, ...others } = objectAt(router?.value['resources']);
  const fields: readonly Field[] = [
    { kept: ['nodeSelector'], written: { 'node-selector': pairs(spec['nodeSelector']) } },
    { kept: ['tolerations'], written: { tolerations: tolerations(spec['tolerations']) } },
    // The number is what the cluster makes of the name.
    {
      kept: ['priorityClassName', 'priority'],
      written: { 'priority-class': wordAt(spec['priorityClassName']) },
    },
    ...(Object.keys(others).length > 0
      ? []
      : [{ kept: ['resources'], written: { requests: pairs(requests), limits: pairs(limits) } }]),
  ];
  const sayable = fields
    .map(({ kept, written }) => ({ kept, annotations: toAnnotations(written) }))
    .filter(
      ({ annotations }) =>
        Object.keys(annotations).length > 0 && readOptions(annotations).problems.length === 0,
    );
  return {
    annotations: Object.assign({}, ...sayable.map(({ annotations }) => annotations)),
    kept: new Set(sayable.flatMap(({ kept }) => kept)),
  };
}

interface Field {
  readonly kept: readonly string[];
  /** By the name of the annotation, without its prefix. */
  readonly written: Readonly<Record<string, string | undefined>>;
}

function toAnnotations(written: Field['written']): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(written).flatMap(([name, text]) =>
      text === undefined || text === '' ? [] : [[optionPrefix + name, text]],
    ),
  );
}

function pairs(value: unknown): string {
  return Object.entries(objectAt(value))
    .map(([key, word]) => `${key}=${typeof word === 'string' ? word : JSON.stringify(word)}`)
    .join(',');
}

function tolerations(value: unknown): string {
  return listAt(value)
    .map(objectAt)
    .filter((entry) => !isOfEveryPod(entry))
    .map(toleration)
    .join(',');
}

/** What every pod tolerates, as the cluster writes it. */
export function isOfEveryPod({ key }: JsonObject): boolean {
  return typeof key === 'string' && key.startsWith('node.kubernetes.io/');
}

/** What has a time, or is no toleration, comes out as a text that the operator does not take. */
function toleration(entry: JsonObject): string {
  const { key, operator = 'Equal', value = '', effect = '', ...others } = entry;
  const strange = JSON.stringify(entry);
  if (Object.keys(others).length > 0 || typeof effect !== 'string') return strange;
  const suffix = effect === '' ? '' : `:${effect}`;
  if (operator === 'Exists' && (key === undefined || key === '')) return `*${suffix}`;
  if (typeof key !== 'string' || typeof value !== 'string') return strange;
  return operator === 'Exists' ? `${key}${suffix}` : `${key}=${value}${suffix}`;
}
