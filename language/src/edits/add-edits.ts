import { type Document, isMap, isScalar, isSeq, visit } from 'yaml';
import type { JsonValue, Path } from '#core/problem.ts';
import type { Edit } from '../text/text-edit.ts';
import { isInJson } from '../yaml/json-style.ts';
import { blockText, flowText, scalarText } from '../yaml/scalar-text.ts';
import {
  type Collection,
  closingOf,
  commaAfter,
  type Entry,
  entriesOf,
  isFlow,
  type WrittenStep,
  wayTo,
} from './written.ts';

/** Adds a key at the end of an object or an entry at that of a list, below the others and indented as they are. */
export function addEdits(
  text: string,
  document: Document.Parsed,
  path: Path,
  value: JsonValue,
): readonly Edit[] | undefined {
  const key = path.at(-1);
  const way = wayTo(document, path.slice(0, -1));
  if (key === undefined || way === undefined) return undefined;
  const owner = way.at(-1);
  const parent: unknown = owner === undefined ? document.contents : owner.entry.value;
  if (typeof key === 'number') {
    if (!isSeq(parent) || key !== parent.items.length) return undefined;
    const entry = { text, value, indentStep: indentStepOf(text, document) };
    const last = entriesOf(parent).at(-1);
    if (isFlow(parent)) return addToFlow(entry, parent, last, isInJson([...way, ...stepInto(parent, last)]));
    return last === undefined ? undefined : addToBlock(entry, columnOf(text, last), last);
  }
  const added = { text, key, value, indentStep: indentStepOf(text, document) };
  if (isMap(parent)) {
    const last = entriesOf(parent).at(-1);
    if (isFlow(parent)) return addToFlow(added, parent, last, isInJson([...way, ...stepInto(parent, last)]));
    return last === undefined ? undefined : addToBlock(added, columnOf(text, last), last);
  }
  if (owner === undefined) return undefined;
  const isEmpty =
    parent === undefined || (isScalar(parent) && parent.value === null && parent.tag === undefined);
  return isEmpty ? addToNothing(added, way, owner, parent) : undefined;
}

interface Added {
  readonly text: string;
  /** Absent for an entry of a list. */
  readonly key?: string;
  readonly value: JsonValue;
  readonly indentStep: number;
}

function stepInto(collection: Collection, entry: Entry | undefined): readonly WrittenStep[] {
  return entry === undefined ? [] : [{ collection, entry }];
}

function addToBlock(added: Added, indent: string, last: Entry): readonly Edit[] {
  const { text } = added;
  const lines = linesOf(added, indent);
  const eol = eolOf(text);
  // Blank lines at the end of a text that keeps them belong to it.
  const keeps = isScalar(last.value) && /^[|>][0-9]*\+/.test(text.slice(last.value.range?.[0]));
  const content = keeps ? last.end : text.slice(0, last.end).trimEnd().length;
  if (keeps && text[content - 1] === '\n') {
    return [{ span: { start: content, end: content }, newText: lines + eol }];
  }
  const at = lineEndAt(text, content);
  return [{ span: { start: at, end: at }, newText: eol + lines }];
}

function addToFlow(
  added: Added,
  parent: Collection,
  last: Entry | undefined,
  isJson: boolean,
): readonly Edit[] | undefined {
  const { text } = added;
  const written = flowEntry(added, isJson);
  const closing = closingOf(parent);
  if (closing === undefined) return undefined;
  if (last === undefined) return [{ span: { start: closing, end: closing }, newText: written }];
  const comma = commaAfter(parent, last);
  const at = comma === undefined ? last.end : comma + 1;
  const lineStart = text.lastIndexOf('\n', last.start - 1) + 1;
  const before = text.slice(lineStart, last.start);
  const isOwnLine = lineStart > 0 && before.trim() === '';
  const gap = isOwnLine ? eolOf(text) + before : ' ';
  const span = { start: at, end: at };
  return [
    { span, newText: `${comma === undefined ? ',' : ''}${gap}${written}${comma === undefined ? '' : ','}` },
  ];
}

/** Below a key, or behind a dash, that nothing stands after. */
function addToNothing(
  added: Added,
  way: readonly WrittenStep[],
  { collection, entry }: WrittenStep,
  written: unknown,
): readonly Edit[] {
  const { text, indentStep } = added;
  const old = isScalar(written) && written.range ? written.range : undefined;
  const span = { start: entry.valueStart, end: old === undefined ? entry.valueStart : old[1] };
  if (way.some(({ collection: one }) => isFlow(one))) {
    const isJson = isInJson(way);
    return [{ span, newText: ` {${flowEntry(added, isJson)}}` }];
  }
  const own = columnOf(text, entry);
  if (isMap(collection)) {
    const at = lineEndAt(text, span.end);
    const lines = eolOf(text) + linesOf(added, own + ' '.repeat(indentStep));
    const add = { span: { start: at, end: at }, newText: lines };
    return old === undefined ? [add] : [{ span, newText: '' }, add];
  }
  return [{ span, newText: ` ${linesOf(added, `${own}  `).trimStart()}` }];
}

function flowEntry({ key, value }: Added, isJson: boolean): string {
  const written = flowText(value, isJson);
  return key === undefined ? written : `${scalarText(key, { isJson })}: ${written}`;
}

function linesOf({ text, key, value, indentStep }: Added, indent: string): string {
  const lines = blockText(key === undefined ? [value] : { [key]: value }, indentStep)
    .trimEnd()
    .split('\n');
  return lines.map((line) => (line === '' ? '' : indent + line)).join(eolOf(text));
}

/** As many blanks as stand, or could stand, before an entry on its line. */
function columnOf(text: string, { start }: Entry): string {
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  return ' '.repeat(line.replace('\uFEFF', '').length);
}

/** By how many blanks the document indents an object in an object. */
function indentStepOf(text: string, document: Document.Parsed): number {
  let found: number | undefined;
  visit(document, {
    Pair: (_key, { key, value }) => {
      if (!isMap(value) || isFlow(value) || !isScalar(key) || !key.range) return undefined;
      const [first] = entriesOf(value);
      if (first === undefined) return undefined;
      const column = (offset: number): number => offset - text.lastIndexOf('\n', offset - 1);
      found = column(first.start) - column(key.range[0]);
      return visit.BREAK;
    },
  });
  return found !== undefined && found > 0 && found <= 8 ? found : 2;
}

/** Behind what else stands on the line, as a comment does. */
function lineEndAt(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  const end = newline < 0 ? text.length : newline;
  return text[end - 1] === '\r' ? end - 1 : end;
}

function eolOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}
