import type { Skeleton } from '#core/egress-router/candidates/skeletons.ts';

/**
 * A skeleton as YAML below `key:`, in the snippet syntax of the Language Server Protocol.
 * @param indent what stands before each line but the first; editors put the indentation of the line before that
 */
export function blockSnippet(key: string, skeleton: Skeleton | undefined, indent: string): string {
  return `${key}:${blockValue(skeleton, indent, stops())}`;
}

/** An entry of a list, without the `- ` before it. */
export function entrySnippet(skeleton: Skeleton, indent: string): string {
  return blockEntry(skeleton, indent, stops());
}

/** A skeleton as JSON, on one line. */
export function flowSnippet(skeleton: Skeleton): string {
  return flowValue(skeleton, stops());
}

/** Text that stands for itself within a snippet. */
export function escaped(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}

type Stops = () => number;
type ScalarSkeleton = Extract<Skeleton, { kind: 'text' | 'blank' | 'choice' }>;
type ObjectSkeleton = Extract<Skeleton, { kind: 'object' }>;

function stops(): Stops {
  let last = 0;
  return () => {
    last += 1;
    return last;
  };
}

function blockValue(skeleton: Skeleton | undefined, indent: string, next: Stops): string {
  if (skeleton === undefined) return ' ';
  const deeper = `${indent}${step}`;
  switch (skeleton.kind) {
    case 'object':
      return `\n${deeper}${fieldLines(skeleton, deeper, next)}`;
    case 'list':
      return `\n${deeper}- ${blockEntry(skeleton.item, `${deeper}${step}`, next)}`;
    case 'text':
    case 'blank':
    case 'choice':
      return ` ${scalarText(skeleton, next, '')}`;
  }
}

/** @param indent of the fields of an entry, which stand two columns behind its dash */
function blockEntry(skeleton: Skeleton, indent: string, next: Stops): string {
  return skeleton.kind === 'object'
    ? fieldLines(skeleton, indent, next)
    : blockValue(skeleton, indent, next).trimStart();
}

function fieldLines({ fields }: ObjectSkeleton, indent: string, next: Stops): string {
  return fields.map(([key, value]) => `${key}:${blockValue(value, indent, next)}`).join(`\n${indent}`);
}

function flowValue(skeleton: Skeleton, next: Stops): string {
  switch (skeleton.kind) {
    case 'object':
      return `{${skeleton.fields.map(([key, value]) => `"${key}": ${flowValue(value, next)}`).join(', ')}}`;
    case 'list':
      return `[${flowValue(skeleton.item, next)}]`;
    case 'text':
    case 'blank':
    case 'choice':
      return scalarText(skeleton, next, '"');
  }
}

function scalarText(skeleton: ScalarSkeleton, next: Stops, quote: '' | '"'): string {
  switch (skeleton.kind) {
    case 'text':
      return `${quote}${escaped(skeleton.text)}${quote}`;
    case 'choice':
      return `${quote}\${${next()}|${skeleton.choices.join(',')}|}${quote}`;
    case 'blank': {
      const mark = typeof skeleton.example === 'number' ? '' : quote;
      return `${mark}\${${next()}:${escaped(String(skeleton.example))}}${mark}`;
    }
  }
}

const step = '  ';
