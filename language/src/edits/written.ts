import {
  type CST,
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Path } from '#core/problem.ts';
import { withoutBraces } from '../yaml/compose-leniently.ts';

/** How an entry of an object or a list is written: where it begins and ends, without blanks and comments around it. */
export interface Entry {
  readonly item: CST.CollectionItem;
  readonly start: number;
  readonly end: number;
  /** Behind the colon or the dash, and behind an anchor and a tag: here a value begins, or would begin. */
  readonly valueStart: number;
  /** Absent in a list. */
  readonly key: Node | undefined;
  /** Absent where nothing is written. */
  readonly value: Node | undefined;
}

export type Collection = YAMLMap | YAMLSeq;

/** A step on the way to a value: the collection, and its entry that leads on. */
export interface WrittenStep {
  readonly collection: Collection;
  readonly entry: Entry;
}

/** Reads a text once more, for the places of all its marks. */
export function parseWithMarks(masked: string): Document.Parsed {
  const document = parseDocument(masked, options);
  const other = document.errors.length === 0 ? masked : withoutBraces(masked);
  return other === masked ? document : parseDocument(other, options);
}

const options = {
  prettyErrors: false,
  merge: true,
  logLevel: 'silent',
  keepSourceTokens: true,
  // Each key would be compared with all others; whoever asks knows already.
  uniqueKeys: false,
} as const;

export type ReadMarks = (masked: string) => Document.Parsed;

/** For edits of which each is another answer to the same question: a text is read once, for as long as this is held. */
export function marksReadOnce(read: ReadMarks = parseWithMarks): ReadMarks {
  const known = new Map<string, Document.Parsed>();
  return (masked) => {
    const document = known.get(masked) ?? read(masked);
    known.set(masked, document);
    return document;
  };
}

/** The way to what a path names; undefined where it is not written out, as behind an alias. */
export function wayTo(document: Document.Parsed, path: Path): readonly WrittenStep[] | undefined {
  const way: WrittenStep[] = [];
  let node: unknown = document.contents;
  for (const element of path) {
    if (!isMap(node) && !isSeq(node)) return undefined;
    const entry = entryOf(node, element);
    if (entry === undefined) return undefined;
    way.push({ collection: node, entry });
    node = entry.value;
  }
  return way;
}

export function entriesOf(collection: Collection): readonly Entry[] {
  return isMap(collection) ? mapEntries(collection) : seqEntries(collection);
}

/** What stands beside an entry in its collection, for no look at all that is in them. */
export function besides(
  collection: Collection,
  { item }: Entry,
): { readonly previous: Pick<Entry, 'item'> | undefined; readonly hasNext: boolean } {
  const items = itemsOf(collection);
  const index = items.indexOf(item);
  // From it outward: a list may have thousands of entries, and be asked about for each of them.
  let before = index - 1;
  while (before >= 0 && !isEntryAt(collection, items[before])) before -= 1;
  let after = index + 1;
  while (after < items.length && !isEntryAt(collection, items[after])) after += 1;
  const previous = items[before];
  return { previous: previous && { item: previous }, hasNext: after < items.length };
}

export function isFlow(collection: Collection): boolean {
  return collection.flow === true;
}

/** Where a collection in flow style is closed; undefined for others. */
export function closingOf({ srcToken }: Collection): number | undefined {
  if (srcToken?.type !== 'flow-collection') return undefined;
  return srcToken.end.find(({ type }) => type === 'flow-map-end' || type === 'flow-seq-end')?.offset;
}

/** The comma behind an entry, which its successor, or nothing, is written after. */
export function commaAfter({ srcToken }: Collection, entry: Pick<Entry, 'item'>): number | undefined {
  if (srcToken?.type !== 'flow-collection') return undefined;
  const next = srcToken.items[srcToken.items.indexOf(entry.item) + 1];
  return next?.start.find(({ type }) => type === 'comma')?.offset;
}

function entryOf(collection: Collection, element: string | number): Entry | undefined {
  if (isSeq(collection)) {
    const item = typeof element === 'number' ? writtenItems(collection)[element] : undefined;
    return item && toEntry(item, undefined, collection.items[Number(element)]);
  }
  const named = collection.items.filter(({ key }) => isScalar(key) && String(key.value) === String(element));
  const [pair] = named;
  if (pair?.srcToken === undefined || named.length > 1) return undefined;
  return toEntry(pair.srcToken, pair.key, pair.value);
}

function mapEntries({ items }: YAMLMap): readonly Entry[] {
  return items.flatMap(({ srcToken: item, key, value }) =>
    item === undefined ? [] : (toEntry(item, key, value) ?? []),
  );
}

function seqEntries(seq: YAMLSeq): readonly Entry[] {
  return writtenItems(seq).flatMap((item, index) => toEntry(item, undefined, seq.items[index]) ?? []);
}

function writtenItems(seq: YAMLSeq): readonly CST.CollectionItem[] {
  const items = itemsOf(seq);
  return items.length === seq.items.length ? items : items.filter((item) => isWritten(seq, item));
}

function itemsOf(collection: Collection): readonly CST.CollectionItem[] {
  if (isMap(collection)) return collection.items.flatMap(({ srcToken }) => srcToken ?? []);
  const { srcToken } = collection;
  return srcToken?.type === 'block-seq' || srcToken?.type === 'flow-collection' ? srcToken.items : [];
}

/** Comments behind the last entry are an item too, but none of the list. */
function isWritten({ srcToken }: YAMLSeq, { start, value, sep }: CST.CollectionItem): boolean {
  if (value !== undefined || sep !== undefined) return true;
  return srcToken?.type === 'block-seq' && start.some(({ type }) => type === 'seq-item-ind');
}

function isEntryAt(collection: Collection, item: CST.CollectionItem | undefined): boolean {
  return (
    item !== undefined && (isMap(collection) || isWritten(collection, item)) && startOf(item) !== undefined
  );
}

function startOf({ start, key, value }: CST.CollectionItem): number | undefined {
  return start.find(isMark)?.offset ?? key?.offset ?? value?.offset;
}

function toEntry(item: CST.CollectionItem, key: unknown, value: unknown): Entry | undefined {
  const first = startOf(item);
  if (first === undefined) return undefined;
  const valueStart =
    lastEnd(item.sep) ?? (item.key ? endOf(item.key) : undefined) ?? lastEnd(item.start) ?? first;
  return {
    item,
    start: first,
    end: item.value === undefined ? valueStart : (endOf(item.value) ?? valueStart),
    valueStart,
    key: isNode(key) ? key : undefined,
    value: isNode(value) && !isUnwritten(item) ? value : undefined,
  };
}

function isUnwritten({ value }: CST.CollectionItem): boolean {
  return value === undefined || (value.type === 'scalar' && value.source === '');
}

function lastEnd(tokens: readonly CST.SourceToken[] | undefined): number | undefined {
  const last = tokens?.findLast(isMark);
  return last === undefined ? undefined : last.offset + last.source.length;
}

/** Neither blank nor comment, nor the comma that belongs to the entry before. */
function isMark({ type }: CST.SourceToken): boolean {
  return type !== 'space' && type !== 'newline' && type !== 'comment' && type !== 'comma';
}

/** Of the last thing that is no blank and no comment; of a block scalar, of all its lines. */
export function endOf(token: CST.Token): number | undefined {
  switch (token.type) {
    case 'block-map':
    case 'block-seq': {
      // From the last one on: a list may have thousands of entries, and be asked about for each of them.
      for (let index = token.items.length - 1; index >= 0; index -= 1) {
        const item = token.items[index];
        const end = item && endOfItem(item);
        if (end !== undefined) return end;
      }
      return undefined;
    }
    case 'flow-collection':
      return lastEnd(token.end.slice(0, 1));
    case 'block-scalar': {
      const last = token.props.at(-1);
      if (last === undefined || !('source' in last)) return undefined;
      return last.offset + last.source.length + token.source.length;
    }
    case 'scalar':
    case 'alias':
    case 'single-quoted-scalar':
    case 'double-quoted-scalar':
      return token.offset + token.source.length;
    default:
      return undefined;
  }
}

function endOfItem({ start, key, sep, value }: CST.CollectionItem): number | undefined {
  return (value && endOf(value)) ?? lastEnd(sep) ?? (key ? endOf(key) : undefined) ?? lastEnd(start);
}
