import type { KubernetesObject } from '#core/manifest/object.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import type { FileSlice, RouterSlice, YamlFile } from '../document.ts';
import { moved, type Span } from '../span.ts';
import type { Diagnostic } from './diagnostics.ts';

/** An EgressRouter document as commands take it; offsets count from the start of the file. */
export interface RouterInFile {
  readonly name?: string;
  readonly namespace?: string;
  /** Absent where the YAML cannot be read, names no object, or waits for a template to be filled in. */
  readonly object?: KubernetesObject;
  /** Errors first. */
  readonly diagnostics: readonly Diagnostic[];
  readonly span: Span;
}

export function routersOf(file: YamlFile): readonly RouterInFile[] {
  return file.slices.flatMap((slice) => (slice.router === undefined ? [] : [toRouter(slice, slice.router)]));
}

/** The document without its `---`, its `...` and the blank lines around it. */
export function contentSpan(text: string): Span {
  const start =
    /^\uFEFF?(?:(?:[ \t]*(?:#.*)?|%.*)\r?\n)*---(?=[ \t\r\n]|$)[ \t\r\n]*/.exec(text)?.[0].length ?? 0;
  const blank = start > 0 ? 0 : (/^\uFEFF?(?:[ \t]*\r?\n)*/.exec(text)?.[0].length ?? 0);
  const end = text.replace(/(?<=^|\n)\.\.\.[ \t\r]*(?:#.*)?\n?$/, '').trimEnd().length;
  return { start: start + blank, end: Math.max(start + blank, end) };
}

function toRouter({ start, text }: FileSlice, { parsed, reading, diagnostics }: RouterSlice): RouterInFile {
  const { name, namespace } = reading;
  const object =
    parsed.holes.length === 0 && !diagnostics.some(isUnreadable) ? toObject(parsed.value) : undefined;
  return {
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(object === undefined ? {} : { object }),
    diagnostics: diagnostics
      .map((one) => ({ ...one, span: moved(one.span, start) }))
      .toSorted((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error')),
    span: moved(contentSpan(text), start),
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
