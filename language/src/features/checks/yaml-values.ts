import { isPair, isScalar, type Node, Scalar, visit } from 'yaml';
import type { Severity } from '#core/problem.ts';
import type { DocumentObject } from '../../objects.ts';
import { overlapsAny, type Span } from '../../text/span.ts';
import { nodeAt } from '../../yaml/node-at.ts';
import type { Parsed } from '../../yaml/parsed.ts';
import type { Diagnostic, DiagnosticFix } from './diagnostic.ts';
import { type OtherReading, otherReading } from './yaml-readings.ts';

/** A diagnostic of how a value is written, and how it stands to one of what it says at the same place. */
export interface WrittenValue {
  readonly diagnostic: Diagnostic;
  /** `with`: both are told. `instead`: it explains why the type is wrong. `else`: only where nothing else is wrong. */
  readonly beside: 'with' | 'instead' | 'else';
}

/** Values and keys that readers of YAML 1.1, kubectl among them, and of YAML 1.2 take differently. */
export function writtenValues(
  parsed: Parsed,
  objects: readonly Pick<DocumentObject, 'root'>[],
): readonly WrittenValue[] {
  const found: WrittenValue[] = [];
  for (const { root } of objects) {
    const top = nodeAt(parsed.document.contents, root);
    if (top === undefined) continue;
    visit(top, {
      Scalar: (key, scalar, path) => {
        const span = spanOf(scalar);
        if (span === undefined || overlapsAny(parsed.holes, span)) return;
        const written = ofScalar(scalar, span, key === 'key', heldBy(path));
        if (written !== undefined) found.push(written);
      },
    });
  }
  return found;
}

function ofScalar(scalar: Scalar, span: Span, isKey: boolean, held: Held): WrittenValue | undefined {
  const { tag, type, source } = scalar;
  if (tag !== undefined && oldTags.includes(tag)) return { diagnostic: ofTag(tag, span), beside: 'instead' };
  if (type !== Scalar.PLAIN || source === undefined || tag !== undefined) return undefined;
  const reading = otherReading(source);
  if (reading === undefined) return undefined;
  if (isKey) return { diagnostic: ofKey(source, reading, span, held === 'text'), beside: 'else' };
  return {
    diagnostic: ofValue(source, reading, span, held),
    beside: besides[reading.kind],
  };
}

const besides = {
  octal: 'with',
  number: 'instead',
  'new-octal': 'else',
  boolean: 'else',
  'base-60': 'else',
  date: 'else',
} as const satisfies Record<OtherReading['kind'], WrittenValue['beside']>;

function ofValue(source: string, reading: OtherReading, span: Span, held: Held): Diagnostic {
  const isText = held === 'text';
  const quote = quoteFix(source, span);
  const write = (value: number | boolean, title = `Write ${value}`): DiagnosticFix => ({
    kind: 'text',
    title,
    edits: [{ span, newText: String(value) }],
  });
  switch (reading.kind) {
    case 'octal': {
      const { decimal, value } = reading;
      const message = `${source} is ${decimal} to some readers of YAML and ${value} to kubectl: write it without leading zeros.`;
      const fixes = [write(decimal), write(value, `Write ${value}, as kubectl reads it`)];
      return { ...found('warning', span, message, fixes), code: 'leading-zero' };
    }
    case 'number': {
      const message = `${source} is the number ${reading.value} to kubectl and text to readers of YAML 1.2: ${isText ? 'put quotes around it' : `write ${reading.value}`}.`;
      const number = write(reading.value);
      // In quotes, no port is one.
      const fixes: Readonly<Record<Held, readonly DiagnosticFix[]>> = {
        text: [{ ...quote, isSafe: true }, number],
        number: [number],
        any: [number, quote],
      };
      return found(refusedAs(isText), span, message, fixes[held]);
    }
    case 'boolean': {
      const message = `${source} is ${reading.value} to kubectl and text to readers of YAML 1.2: put quotes around it, or write ${reading.value}.`;
      return found(refusedAs(isText), span, message, [
        isText ? { ...quote, isSafe: true } : quote,
        write(reading.value),
      ]);
    }
    case 'new-octal': {
      const message = `${source} is ${reading.value} to kubectl, and text to readers of YAML 1.1 such as Ansible: write ${reading.value}.`;
      return found('information', span, message, [{ ...write(reading.value), isSafe: true }]);
    }
    case 'base-60': {
      const message = `${source} is text to kubectl, and the number ${reading.value} to readers of YAML 1.1 such as Ansible: put quotes around it.`;
      return found('information', span, message, [{ ...quote, isSafe: true }]);
    }
    case 'date': {
      const message = `${source} is text to kubectl, and a date to readers of YAML 1.1 such as Ansible: put quotes around it.`;
      return found('information', span, message, [{ ...quote, isSafe: true }]);
    }
  }
}

/** Where only text may stand, the API server refuses what kubectl makes of it. */
function refusedAs(isText: boolean): Severity {
  return isText ? 'error' : 'warning';
}

/** The name of a field is always text in a cluster, of what it reads there. */
function ofKey(source: string, reading: OtherReading, span: Span, isText: boolean): Diagnostic {
  const quote = quoteFix(source, span);
  const name = reading.kind === 'date' ? 'a date' : `"${reading.value}"`;
  const isKubectl = reading.kind !== 'date' && reading.kind !== 'base-60' && reading.kind !== 'new-octal';
  const message = isKubectl
    ? `The field ${source} becomes ${name} where kubectl reads it: put quotes around it.`
    : `The field ${source} becomes ${name} to readers of YAML 1.1 such as Ansible: put quotes around it.`;
  const fix: DiagnosticFix = isText || !isKubectl ? { ...quote, isSafe: true } : quote;
  return found(isKubectl ? 'warning' : 'information', span, message, [fix]);
}

function ofTag(tag: string, span: Span): Diagnostic {
  const name = `!!${tag.slice(tag.lastIndexOf(':') + 1)}`;
  const message = `kubectl makes another value of this for its tag ${name}, which readers of YAML 1.2 need not know: write the value itself.`;
  return found('warning', span, message, []);
}

const oldTags = ['binary', 'timestamp'].map((name) => `tag:yaml.org,2002:${name}`);

function found(severity: Severity, span: Span, message: string, fixes: readonly DiagnosticFix[]): Diagnostic {
  return { code: 'yaml-1.1-value', severity, span, message, related: [], fixes };
}

function quoteFix(source: string, span: Span): DiagnosticFix {
  return {
    kind: 'text',
    title: 'Put quotes around it',
    edits: [{ span, newText: JSON.stringify(source) }],
  };
}

/** What the API server takes in a field. */
type Held = 'text' | 'number' | 'any';

function heldBy(path: readonly unknown[]): Held {
  const isBelow = (fields: ReadonlySet<unknown>): boolean =>
    path.some((one) => isPair(one) && isScalar(one.key) && fields.has(one.key.value));
  if (isBelow(textFields)) return 'text';
  return isBelow(numberFields) ? 'number' : 'any';
}

const numberFields: ReadonlySet<unknown> = new Set(['port', 'targetPort']);

/** They hold nothing but text. */
const textFields: ReadonlySet<unknown> = new Set([
  'labels',
  'annotations',
  'name',
  'namespace',
  'master',
  // Of a variable in the environment of a container, or a parameter of a Template.
  'value',
]);

function spanOf({ range }: Node): Span | undefined {
  return range ? { start: range[0], end: range[1] } : undefined;
}
