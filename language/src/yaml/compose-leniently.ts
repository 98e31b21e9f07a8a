import { isScalar, visit } from 'yaml';
import { type Composed, composeDocument } from './compose.ts';

/**
 * What `composeDocument` gives, but where that finds faults, three things are taken that others take too:
 *
 * - `{port: ${PORT}}` as `port: ${PORT}` is taken, for a text that something fills in later. To YAML the brace of a
 *   variable within others is a faulty one; envsubst looks at no other.
 * - Tabs that indent a line between brackets or quotes: to readers of YAML 1.1 they are blanks there.
 * - JSON in quotes whose lines begin left of where they should: kubectl reads it, as all readers of YAML 1.1 do.
 */
export function composeLeniently(text: string): Composed {
  const plain = composeDocument(text);
  if (plain.errors.length === 0) return plain;
  const marked = withoutBraces(text);
  const read = marked === text ? plain : better(plain, composeDocument(marked));
  const composed = isCut(read) ? closed(read, marked) : read;
  const { document } = composed;
  if (composed !== plain && marked !== text && document !== undefined)
    visit(document, { Scalar: (_key, node) => restore(node) });
  return composed;
}

function better(one: Composed, other: Composed): Composed {
  return other.document !== undefined && other.errors.length < one.errors.length ? other : one;
}

/** A text in quotes, or between brackets, has no end, as far as it is indented. */
function isCut({ errors }: Composed): boolean {
  return errors.some(({ code }) => code === 'MISSING_CHAR' || code === 'BAD_INDENT');
}

/** Only where all is sound then: else the quote that comes next would belong to something else. */
function closed(cut: Composed, text: string): Composed {
  const takesOutdentedJson = quotedJson.test(text);
  const takesTabs = /\n *\t/.test(text);
  if (!takesOutdentedJson && !takesTabs) return cut;
  const other = composeDocument(text, { takesOutdentedJson, takesTabs });
  return other.errors.length === 0 ? other : cut;
}

/** The text with the braces of variables written as something that means nothing to YAML, as long as before. */
export function withoutBraces(text: string): string {
  const [opening, closing] = marks;
  // Of those that stand there already it would not be known what they were.
  if (text.includes(opening) || text.includes(closing)) return text;
  return text.replaceAll(variable, (_whole, inner: string) => `$${opening}${inner}${closing}`);
}

const variable = /\$\{([A-Za-z_][^\s{}[\],]*)\}/g;
const quotedJson = /['"]\s*[{[]/;

/** Characters that nobody writes. */
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
