import { Document, parse, Scalar, visit } from 'yaml';
import type { JsonValue } from '#core/problem.ts';

/** How a scalar stands in the text that it is written into. */
export interface ScalarStyle {
  /** What stood there before, so that a person finds their own way of writing again. */
  readonly quotes?: '"' | "'";
  readonly isJson?: boolean;
}

/** Text that every reader takes for this value, whichever version of YAML it follows; one line, in block and flow. */
export function scalarText(value: string | number | boolean | null, style: ScalarStyle = {}): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  if (style.isJson === true || style.quotes === '"') return JSON.stringify(value);
  if (style.quotes === "'" && isPrintable(value)) return `'${value.replaceAll("'", "''")}'`;
  return isPlain(value) ? value : JSON.stringify(value);
}

/** Lines of YAML for a value of any depth, each with its line end, the first of them without indentation. */
export function blockText(value: JsonValue, indentStep: number): string {
  const document = new Document(value, { version: '1.1' });
  visit(document, {
    Scalar: (_key, node) => {
      const { value: scalar } = node;
      if (typeof scalar === 'string' && !scalar.includes('\n') && !isPlain(scalar))
        node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return document.toString({ lineWidth: 0, indent: indentStep });
}

/** One line, as it stands between braces and brackets. */
export function flowText(value: JsonValue, isJson: boolean): string {
  if (typeof value !== 'object' || value === null) return scalarText(value, { isJson });
  if (isList(value)) return `[${value.map((one) => flowText(one, isJson)).join(', ')}]`;
  const entries = Object.entries(value).map(
    ([key, one]) => `${scalarText(key, { isJson })}: ${flowText(one, isJson)}`,
  );
  return `{${entries.join(', ')}}`;
}

/** `Array.isArray` knows no readonly lists. */
export function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Whether it can do without quotes: no mark of YAML is in it, and no reader takes it for anything but text. */
export function isPlain(text: string): boolean {
  if (
    !/^[\w./-](?:[\w./@+ -]|:(?=[^\s,[\]{}]))*$/.test(text) ||
    text.endsWith(' ') ||
    /^-($|[ -])/.test(text)
  )
    return false;
  if (text.startsWith('...') || /^[-+]?[\d.][\d_]*$/.test(text) || /^[-+]?0[box]/i.test(text)) return false;
  return versions.every((version) => parse(text, { version, logLevel: 'silent' }) === text);
}

const versions = ['1.1', '1.2'] as const;

function isPrintable(text: string): boolean {
  return /^[\x20-\x7E\u00A1-\u1FFF]*$/.test(text);
}
