import { type Document, isAlias, isCollection, isScalar, Scalar } from 'yaml';
import type { Path, ValueEdit } from '#core/problem.ts';
import { jsonEqual } from '#core/schema/json-schema.ts';
import { valueAt } from '../objects.ts';
import { overlapsAny, type Span } from '../text/span.ts';
import { applyEdits, type Edit, editBetween } from '../text/text-edit.ts';
import { fastValue } from '../yaml/fast-value.ts';
import { isInJson } from '../yaml/json-style.ts';
import { type Parsed, parseSlice } from '../yaml/parsed.ts';
import { scalarText } from '../yaml/scalar-text.ts';
import { addEdits } from './add-edits.ts';
import { changedValue, lastFirst } from './changed-value.ts';
import { excerptFor } from './excerpt.ts';
import { removeEdits } from './remove-edits.ts';
import { stringEdits } from './string-edits.ts';
import { parseWithMarks, type ReadMarks, wayTo } from './written.ts';

/**
 * The changes of a document's text that change its value as `edits` says, and nothing else: comments, quotes,
 * indentation and line ends stay as a person wrote them. Undefined where that cannot be done, as in broken
 * YAML, at a template expression, or where an anchor would change other places too.
 *
 * @param readMarks takes most of the time: whoever asks more than once of a text has it read once
 */
export function toTextEdits(
  parsed: Parsed,
  edits: readonly ValueEdit[],
  readMarks: ReadMarks = parseWithMarks,
): readonly Edit[] | undefined {
  if (parsed.faults.length > 0) return undefined;
  const { outside, strings } = stringsApart(parsed.value, edits);
  const changed: ChangedString[] = [];
  for (const { path, text, edits: within } of strings) {
    const made = toTextEdits(parseSlice(text), within, readMarks);
    if (made === undefined) return undefined;
    changed.push({ path, edits: made, text: applyEdits(text, made) });
  }
  return (
    (changed.length === 0 ? undefined : editsWithinStrings(parsed, outside, changed, readMarks)) ??
    editsOutsideStrings(parsed, [...outside, ...changed.map(toReplacement)], readMarks)
  );
}

interface StringEdits {
  readonly path: Path;
  readonly text: string;
  readonly edits: ValueEdit[];
}

/** An edit may lead into JSON within a string, as in the config of a NAD: it is made in the text of that string. */
function stringsApart(
  value: unknown,
  edits: readonly ValueEdit[],
): { readonly outside: readonly ValueEdit[]; readonly strings: readonly StringEdits[] } {
  const outside: ValueEdit[] = [];
  const strings = new Map<number, StringEdits>();
  for (const edit of edits) {
    const depth = edit.path.findIndex(
      (_step, index) => typeof valueAt(value, edit.path.slice(0, index)) === 'string',
    );
    if (depth < 0) {
      outside.push(edit);
      continue;
    }
    const path = edit.path.slice(0, depth);
    const first = edits.findIndex(({ path: other }) => path.every((step, index) => other[index] === step));
    const group = strings.get(first) ?? { path, text: String(valueAt(value, path)), edits: [] };
    group.edits.push({ ...edit, path: edit.path.slice(depth) });
    strings.set(first, group);
  }
  return { outside, strings: [...strings.values()] };
}

/** A string that holds JSON, with the edits of it and the text that comes of them. */
interface ChangedString {
  readonly path: Path;
  readonly edits: readonly Edit[];
  readonly text: string;
}

/** Where a string cannot be changed in its lines, it is written anew as a whole. */
function toReplacement({ path, text }: ChangedString): ValueEdit {
  return { kind: 'replace', path, value: text };
}

/** The edits of strings where they stand: all else of the string stays in its lines. */
function editsWithinStrings(
  parsed: Parsed,
  outside: readonly ValueEdit[],
  changed: readonly ChangedString[],
  readMarks: ReadMarks,
): readonly Edit[] | undefined {
  const others = outside.length === 0 ? [] : editsOutsideStrings(parsed, outside, readMarks);
  if (others === undefined) return undefined;
  const made: Edit[] = [...others];
  for (const { path, edits } of changed) {
    const within = stringEdits(parsed, path, edits);
    if (within === undefined) return undefined;
    made.push(...within);
  }
  if (touchesHole(parsed, made) || !areApart(made)) return undefined;
  const after = readValue(applyEdits(parsed.text, made));
  if (after === undefined) return undefined;
  const { value } = after;
  // How many blanks a fold leaves is all the same to JSON.
  const read = changed.map(({ path, text }): ChangedString => {
    const found = valueAt(value, path);
    return { path, edits: [], text: typeof found === 'string' && isSameJson(found, text) ? found : text };
  });
  const wanted = changedValue(parsed.value, [...outside, ...read.map(toReplacement)]);
  return jsonEqual(value ?? null, wanted ?? null) ? made : undefined;
}

function isSameJson(text: string, other: string): boolean {
  return text === other || means(text, parseSlice(other).value);
}

function editsOutsideStrings(
  parsed: Parsed,
  edits: readonly ValueEdit[],
  readMarks: ReadMarks,
): readonly Edit[] | undefined {
  const value = changedValue(parsed.value, edits);
  for (const make of [editsInExcerpts, editsAtOnce, editsInTurn]) {
    const made = make(parsed, lastFirst(edits), readMarks);
    if (made === undefined || touchesHole(parsed, made)) continue;
    if (means(applyEdits(parsed.text, made), value)) return made;
  }
  return undefined;
}

function touchesHole({ holes }: Parsed, edits: readonly Edit[]): boolean {
  return edits.some(({ span }) => overlapsAny(holes, span));
}

/** Few edits of a long text, each in a short one that is written as the long one is around it. */
function editsInExcerpts(parsed: Parsed, edits: readonly ValueEdit[]): readonly Edit[] | undefined {
  if (parsed.masked.length < longText || edits.length > mostInExcerpts) return undefined;
  const made: Edit[] = [];
  for (const edit of edits) {
    const { text, path, toWhole } = excerptFor(parsed, edit.path);
    if (text.includes('\r\n') !== parsed.masked.includes('\r\n')) return undefined;
    const step = editsOf(text, parseWithMarks(text), { ...edit, path })?.map(toWhole);
    if (step === undefined || !step.every((one) => one !== undefined)) return undefined;
    made.push(...step);
  }
  return areApart(made) ? made : undefined;
}

/** From here on it takes longer to read all marks than to leave out those that do not matter. */
const longText = 10_000;
const mostInExcerpts = 8;

/** Each edit as if it were the only one. That is enough where none is in the way of another. */
function editsAtOnce(
  { masked }: Parsed,
  edits: readonly ValueEdit[],
  readMarks: ReadMarks,
): readonly Edit[] | undefined {
  const document = readMarks(masked);
  const made: Edit[] = [];
  for (const edit of edits) {
    const step = editsOf(masked, document, edit);
    if (step === undefined) return undefined;
    made.push(...step);
  }
  return areApart(made) ? made : undefined;
}

function areApart(edits: readonly Edit[]): boolean {
  const sorted = edits.toSorted((a, b) => a.span.start - b.span.start);
  return sorted.every(({ span }, index) => span.end <= (sorted[index + 1]?.span.start ?? span.end));
}

/** Each edit on the text that the one before it has made. */
function editsInTurn({ masked }: Parsed, edits: readonly ValueEdit[]): readonly Edit[] | undefined {
  if (edits.length < 2 || edits.length > mostInTurn) return undefined;
  let current = masked;
  const made: Edit[] = [];
  let isTraced = true;
  for (const edit of edits) {
    const step = editsOf(current, parseWithMarks(current), edit);
    if (step === undefined) return undefined;
    const traced = step.map((one) => traceBack(one, made));
    if (traced.every((one) => one !== undefined)) made.push(...traced);
    else isTraced = false;
    current = applyEdits(current, step);
  }
  return isTraced && applyEdits(masked, made) === current ? made : [editBetween(masked, current)];
}

/** Each one takes another reading of the text. */
const mostInTurn = 50;

/** Whatever was written, it is read again: what an anchor, a merge or a template makes of it cannot be known before. */
function means(text: string, value: unknown): boolean {
  const read = readValue(text);
  return read !== undefined && jsonEqual(read.value ?? null, value ?? null);
}

/** Undefined where there is a fault. */
function readValue(text: string): { readonly value: unknown } | undefined {
  const fast = fastValue(text);
  if (fast !== undefined) return fast;
  const { faults, value } = parseSlice(text);
  return faults.length === 0 ? { value } : undefined;
}

function editsOf(text: string, document: Document.Parsed, edit: ValueEdit): readonly Edit[] | undefined {
  switch (edit.kind) {
    case 'replace':
      return replaceEdits(text, document, edit.path, edit.value);
    case 'rename':
      return renameEdits(document, edit.path, edit.key);
    case 'remove':
      return removeEdits(text, document, edit.path);
    case 'add':
      return addEdits(text, document, edit.path, edit.value);
  }
}

function replaceEdits(
  text: string,
  document: Document.Parsed,
  path: Path,
  value: string | number | boolean,
): readonly Edit[] | undefined {
  const way = wayTo(document, path);
  const last = way?.at(-1);
  if (way === undefined || last === undefined) return undefined;
  const { value: node, valueStart } = last.entry;
  const isJson = isInJson(way);
  if (node === undefined) {
    return [{ span: { start: valueStart, end: valueStart }, newText: ` ${scalarText(value, { isJson })}` }];
  }
  if (isCollection(node) || !node.range) return undefined;
  const span = { start: node.range[0], end: node.range[1] };
  if (isAlias(node)) return [{ span, newText: scalarText(value) }];
  if (!isScalar(node)) return undefined;
  const kept = typeof value === 'string' ? blockScalar(text, node, span, value) : undefined;
  if (kept !== undefined) return [kept];
  const isBlock = node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED;
  const end = isBlock ? span.start + text.slice(span.start, span.end).trimEnd().length : span.end;
  return [{ span: { ...span, end }, newText: scalarText(value, { isJson, ...quotesOf(node.type) }) }];
}

/** A text of several lines below its key stays one. */
function blockScalar(text: string, node: Scalar, span: Span, value: string): Edit | undefined {
  const old = text.slice(span.start, span.end);
  const indent = /\n( +)\S/.exec(old)?.[1];
  if (node.type !== Scalar.BLOCK_LITERAL || indent === undefined) return undefined;
  // A first line that begins with a blank would need its indentation in numbers.
  if (!value.includes('\n') || /^[ \t\n]|[\r\u0085\u2028\u2029]|\n\n$/.test(value)) return undefined;
  const eol = old.includes('\r\n') ? '\r\n' : '\n';
  const lines = value.replace(/\n$/, '').split('\n');
  const body = lines.map((line) => (line === '' ? '' : indent + line)).join(eol);
  const comment = /^[^\n]*?([ \t]+#[^\r\n]*)?\r?\n/.exec(old)?.[1] ?? '';
  const end = span.start + old.trimEnd().length;
  return { span: { ...span, end }, newText: `|${value.endsWith('\n') ? '' : '-'}${comment}${eol}${body}` };
}

function renameEdits(document: Document.Parsed, path: Path, name: string): readonly Edit[] | undefined {
  const way = wayTo(document, path);
  const key = way?.at(-1)?.entry.key;
  if (way === undefined || !isScalar(key) || !key.range) return undefined;
  const newText = scalarText(name, { isJson: isInJson(way), ...quotesOf(key.type) });
  return [{ span: { start: key.range[0], end: key.range[1] }, newText }];
}

function quotesOf(type: Scalar['type']): { readonly quotes?: '"' | "'" } {
  if (type === Scalar.QUOTE_DOUBLE) return { quotes: '"' };
  return type === Scalar.QUOTE_SINGLE ? { quotes: "'" } : {};
}

/** An edit of the text after `made`, as one of the text before it. Undefined where it falls into what was written. */
function traceBack({ span, newText }: Edit, made: readonly Edit[]): Edit | undefined {
  const sorted = made.toSorted((a, b) => a.span.start - b.span.start);
  const start = offsetBefore(span.start, sorted);
  const end = offsetBefore(span.end, sorted);
  return start === undefined || end === undefined || end < start
    ? undefined
    : { span: { start, end }, newText };
}

function offsetBefore(offset: number, made: readonly Edit[]): number | undefined {
  let moved = 0;
  for (const { span, newText } of made) {
    const start = span.start + moved;
    if (offset < start) break;
    if (offset < start + newText.length) return offset === start ? span.start : undefined;
    moved += newText.length - (span.end - span.start);
  }
  return offset - moved;
}
