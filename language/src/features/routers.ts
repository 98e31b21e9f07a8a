import type { KubernetesObject } from '#core/manifest/object.ts';
import type { Path } from '#core/problem.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import type { YamlFile } from '../document.ts';
import { type RouterObject, valueAt } from '../objects.ts';
import type { SliceContent } from '../slice-content.ts';
import type { Slice } from '../text/slices.ts';
import { moved, type Span, touches } from '../text/span.ts';
import type { Parsed } from '../yaml/parsed.ts';
import { regionOf } from '../yaml/source-map.ts';
import type { Diagnostic } from './checks/diagnostic.ts';

/** An EgressRouter document as commands take it; offsets count from the start of the file. */
export interface RouterInFile {
  readonly name?: string;
  readonly namespace?: string;
  /** Absent where the YAML cannot be read, names no object, or waits for a template or its parameters to be filled in. */
  readonly object?: KubernetesObject;
  /** Errors first. */
  readonly diagnostics: readonly Diagnostic[];
  readonly span: Span;
}

export function routersOf(file: YamlFile): readonly RouterInFile[] {
  return file.slices.flatMap(({ text, start, content }) =>
    content === undefined ? [] : routersIn({ text, start }, content),
  );
}

/** Of one document; the slice says from where offsets count. */
export function routersIn(slice: Slice, content: SliceContent): readonly RouterInFile[] {
  const routers = content.objects.filter((object) => object.kind === 'router');
  return routers.map((router) => toRouter(slice, content, router));
}

/** The document without its `---`, its `...` and the blank lines around it. */
export function contentSpan(text: string): Span {
  const start =
    /^\uFEFF?(?:(?:[ \t]*(?:#.*)?|%.*)\r?\n)*---(?=[ \t\r\n]|$)[ \t\r\n]*/.exec(text)?.[0].length ?? 0;
  const blank = start > 0 ? 0 : (/^\uFEFF?(?:[ \t]*\r?\n)*/.exec(text)?.[0].length ?? 0);
  const end = text.replace(/(?<=^|\n)\.\.\.[ \t\r]*(?:#.*)?\n?$/, '').trimEnd().length;
  return { start: start + blank, end: Math.max(start + blank, end) };
}

/** All of an object that is a document of its own, or as much of one as is an item of a List. */
export function objectSpan(text: string, parsed: Parsed, root: Path): Span {
  if (root.length === 0) return contentSpan(text);
  const { start, end } = regionOf(parsed, root);
  return { start, end: start + text.slice(start, end).trimEnd().length };
}

function toRouter(
  { text, start }: Slice,
  { diagnostics, source }: SliceContent,
  { root, reading, hasParameters }: RouterObject,
): RouterInFile {
  const { name, namespace } = reading;
  const document = source.parsed();
  const isReadable = hasParameters !== true && document.holes.length === 0 && !diagnostics.some(isUnreadable);
  const object = isReadable ? toObject(valueAt(document.value, root)) : undefined;
  const span = objectSpan(text, document, root);
  return {
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(object === undefined ? {} : { object }),
    diagnostics: diagnostics
      .filter((one) => root.length === 0 || touches(span, one.span.start))
      .map((one) => ({ ...one, span: moved(one.span, start) }))
      .toSorted((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error')),
    span: moved(span, start),
  };
}

function isUnreadable({ code }: Diagnostic): boolean {
  return code === 'yaml-syntax' || code === 'duplicate-key';
}

function toObject(value: unknown): KubernetesObject | undefined {
  return isKubernetesObject(value) ? value : undefined;
}

function isKubernetesObject(value: unknown): value is KubernetesObject {
  return (
    isJsonObject(value) &&
    typeof value['apiVersion'] === 'string' &&
    typeof value['kind'] === 'string' &&
    isJsonObject(value['metadata']) &&
    typeof value['metadata']['name'] === 'string'
  );
}
