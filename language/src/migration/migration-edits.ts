import type { Migration } from '#core/legacy/migrate/migrate.ts';
import type { Path } from '#core/problem.ts';
import { isJsonObject, isJsonValue, type JsonObject } from '#core/schema/json-schema.ts';
import { editsBetween } from '../edits/value-difference.ts';
import { toTextEdits } from '../edits/value-edits.ts';
import { type ReadMarks, wayTo } from '../edits/written.ts';
import { contentSpan } from '../features/routers.ts';
import { objectsIn, valueAt } from '../objects.ts';
import { moved } from '../text/span.ts';
import { maskTemplates } from '../text/templates.ts';
import type { Edit } from '../text/text-edit.ts';
import { parseSlice } from '../yaml/parsed.ts';
import { toYaml } from '../yaml/to-yaml.ts';
import { migratedYaml } from './migrated-yaml.ts';

type Migrated = Extract<Migration, { readonly kind: 'migrated' }>;

interface Document {
  readonly slice: { readonly text: string; readonly start: number };
  readonly value: unknown;
}

/**
 * The edits of a file by which a router of OpenShift SDN becomes an EgressRouter, in its place. Services of the
 * file are changed where they stand, new ones follow the router; all else stays as it is.
 * @param documents of the file, those that may be its Services among them
 * @param readMarks takes most of the time: whoever asks for more than one router has each document read once
 */
export function migrationEdits(
  own: Document,
  root: Path,
  origin: string,
  migration: Migrated,
  documents: readonly Document[],
  readMarks: ReadMarks,
): readonly Edit[] {
  const services = migration.objects.slice(1).map((object) => ({ object, ...find(object, documents) }));
  const added = services.filter(({ document }) => document === undefined).map(({ object }) => object);
  const changed = services.flatMap(({ object, document, at }) =>
    document === undefined ? [] : [{ object, document, at }],
  );
  const [router] = migration.objects;
  const here = { ...migration, objects: [...(router === undefined ? [] : [router]), ...added] };
  const inOwn = changed.filter(({ document }) => document.slice.start === own.slice.start);
  const routerEdits = editsOfRouter(own, root, origin, here, readMarks);
  if (routerEdits === undefined) {
    const whole = rewritten(own, root, here.objects, inOwn);
    const others = changed.filter((one) => !inOwn.includes(one));
    return [
      whole,
      ...others.flatMap(({ object, document, at }) => editsOfService(object, document, at, readMarks)),
    ];
  }
  return [
    ...routerEdits,
    ...changed.flatMap(({ object, document, at }) => editsOfService(object, document, at, readMarks)),
  ];
}

/** The old Service of which a new one was made. */
function find(
  service: JsonObject,
  documents: readonly Document[],
): { readonly document?: Document; readonly at: Path } {
  const metadata = isJsonObject(service['metadata']) ? service['metadata'] : {};
  for (const document of documents) {
    const found = objectsIn(document.value).find(
      (one) =>
        one.kind === 'service' &&
        one.facts.name === metadata['name'] &&
        (one.facts.namespace === undefined || one.facts.namespace === metadata['namespace']),
    );
    if (found !== undefined) return { document, at: found.root };
  }
  return { at: [] };
}

function editsOfService(
  service: JsonObject,
  { slice, value }: Document,
  at: Path,
  readMarks: ReadMarks,
): readonly Edit[] {
  const { text, start } = slice;
  const parsed = parseSlice(text);
  const edits = isJsonValue(service) ? editsBetween(valueAt(value, at), service, at) : undefined;
  const made = edits === undefined ? undefined : toTextEdits(parsed, edits, readMarks);
  const whole = at.length === 0 ? contentSpan(text) : itemSpan(parsed.masked, at, readMarks);
  const all =
    made ??
    (whole === undefined
      ? []
      : [{ span: whole, newText: placed(text, toYaml(service), columnOf(text, whole.start)) }]);
  return all.map((edit) => ({ ...edit, span: moved(edit.span, start) }));
}

/** Undefined for JSON, and where a List is written in a way that does not take YAML. */
function editsOfRouter(
  { slice: { text, start } }: Document,
  root: Path,
  origin: string,
  migration: Migrated,
  readMarks: ReadMarks,
): readonly Edit[] | undefined {
  if (/^\uFEFF?\s*\{/.test(text)) return undefined;
  const yaml = migratedYaml(origin, migration, saysReconciler(text)).trimEnd();
  if (root.length === 0) {
    // What a person says above the router is about the new one too.
    const from = parseSlice(text).document.contents?.range?.[0] ?? 0;
    const span = { start: from, end: Math.max(from, contentSpan(text).end) };
    return [{ span: moved(span, start), newText: withLineEnds(text, yaml) }];
  }
  const span = itemSpan(maskTemplates(text).text, root, readMarks);
  if (span === undefined) return undefined;
  const column = columnOf(text, span.start);
  const dash = /-[ \t]*$/.exec(text.slice(0, span.start))?.[0];
  if (dash === undefined || /[^ -]/.test(text.slice(span.start - column, span.start))) return undefined;
  const lead = text.slice(span.start - column, span.start);
  const newText = yaml
    .split(/\n---\n/)
    .map((one) => placed(text, one, column))
    .join(`${lineEnd(text)}${lead}`);
  return [{ span: moved(span, start), newText }];
}

function saysReconciler(text: string): boolean {
  return /^[ \t]*#[ \t]*egressRouter\.reconciler:/m.test(text);
}

/** Of an entry of a block list, without its dash. */
function itemSpan(
  masked: string,
  at: Path,
  readMarks: ReadMarks,
): { readonly start: number; readonly end: number } | undefined {
  const step = wayTo(readMarks(masked), at)?.at(-1);
  const range = step?.entry.value?.range;
  if (step === undefined || !range || step.collection.flow === true) return undefined;
  const [start] = range;
  // A text at its end would take the line break with it.
  return { start, end: start + masked.slice(start, step.entry.end).trimEnd().length };
}

/** All of the document, with other items in its list: as JSON where it was, else as YAML without its comments. */
function rewritten(
  { slice: { text, start }, value }: Document,
  root: Path,
  objects: readonly JsonObject[],
  services: readonly { readonly object: JsonObject; readonly at: Path }[],
): Edit {
  const changed = services.reduce<unknown>((inner, { object, at }) => replacedAt(inner, at, [object]), value);
  const list = { apiVersion: 'v1', kind: 'List', items: objects };
  const all =
    root.length === 0 ? (objects.length === 1 ? objects[0] : list) : replacedAt(changed, root, objects);
  const isJson = /^\uFEFF?\s*\{/.test(text);
  const written = isJson ? JSON.stringify(all, undefined, 2) : toYaml(all).trimEnd();
  return { span: moved(contentSpan(text), start), newText: withLineEnds(text, written) };
}

function replacedAt(value: unknown, path: Path, objects: readonly JsonObject[]): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return objects[0];
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    return list.flatMap((item, index): readonly unknown[] => {
      if (index !== step) return [item];
      return rest.length === 0 ? objects : [replacedAt(item, rest, objects)];
    });
  }
  return isJsonObject(value) ? { ...value, [step]: replacedAt(value[step], rest, objects) } : value;
}

/** Every line but the first stands in a column. */
function placed(text: string, yaml: string, column: number): string {
  const lines = yaml.trimEnd().split('\n');
  const indent = ' '.repeat(column);
  return lines.map((line, index) => (index === 0 || line === '' ? line : indent + line)).join(lineEnd(text));
}

function withLineEnds(text: string, written: string): string {
  return written.replaceAll('\n', lineEnd(text));
}

function lineEnd(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}
