import { isScalar, visit } from 'yaml';
import { type Composed, composeDocument } from './compose.ts';

/**
 * What `composeDocument` gives, but `{port: ${PORT}}` is read as `port: ${PORT}` is: as a text that something fills in
 * later. To YAML the brace of a variable within others is a faulty one; envsubst looks at no other.
 */
export function composeWithVariables(text: string): Composed {
  const plain = composeDocument(text);
  const [opening, closing] = marks;
  if (plain.errors.length === 0 || text.includes(opening) || text.includes(closing)) return plain;
  const marked = text.replaceAll(variable, (_whole, inner: string) => `$${opening}${inner}${closing}`);
  if (marked === text) return plain;
  const { document, errors } = composeDocument(marked);
  if (document === undefined || errors.length >= plain.errors.length) return plain;
  visit(document, { Scalar: (_key, node) => restore(node) });
  return { document, errors };
}

const variable = /\$\{([A-Za-z_][^\s{}[\],]*)\}/g;

/** Braces that mean nothing to YAML; they are of no character that anybody writes. */
const marks = ['\uE000', '\uE001'] as const;

function restore(node: unknown): void {
  if (!isScalar(node)) return;
  if (typeof node.value === 'string') node.value = withBraces(node.value);
  if (node.source !== undefined) node.source = withBraces(node.source);
}

function withBraces(text: string): string {
  const [opening, closing] = marks;
  return text.replaceAll(opening, '{').replaceAll(closing, '}');
}
