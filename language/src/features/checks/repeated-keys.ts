import { type Document, isMap, isScalar, isSeq, type YAMLMap } from 'yaml';
import type { Path } from '#core/problem.ts';
import { jsonEqual } from '#core/schema/json-schema.ts';
import { removeEntry } from '../../edits/remove-edits.ts';
import { type Collection, type Entry, entriesOf, parseWithMarks } from '../../edits/written.ts';
import type { Span } from '../../text/span.ts';
import { applyEdits, type Edit } from '../../text/text-edit.ts';
import { type Parsed, parseSlice } from '../../yaml/parsed.ts';
import type { Diagnostic, DiagnosticFix } from './diagnostic.ts';
import { canBeTried } from './try-fix.ts';

/** Keys that stand twice in one object; a second manifest without its `---` is told as that. */
export function repeatedKeys(parsed: Parsed): readonly Diagnostic[] {
  const document = parseWithMarks(parsed.masked);
  const found: Diagnostic[] = [];
  const second = secondManifest(document);
  if (second !== undefined) found.push(missingMarker(parsed, second));
  const look = (collection: unknown, path: Path, owner: Entry | undefined): void => {
    if (!isMap(collection) && !isSeq(collection)) return;
    const first = new Map<string, Entry>();
    for (const [index, entry] of entriesOf(collection).entries()) {
      const name = isMap(collection) ? keyOf(entry) : index;
      if (name === undefined) continue;
      const earlier = typeof name === 'string' ? first.get(name) : undefined;
      const inner = [...path, name];
      if (typeof name === 'string' && earlier === undefined) first.set(name, entry);
      if (earlier === undefined) look(entry.value, inner, entry);
      else if (
        found.length < mostTold &&
        (path.length > 0 || second === undefined || entry.start < second.start)
      )
        found.push(
          repeated(
            parsed,
            { document, collection, owner, path: inner },
            earlier,
            entry,
            found.length < mostTried && canBeTried(parsed.text),
          ),
        );
    }
  };
  look(document.contents, [], undefined);
  return found.toSorted((a, b) => a.span.start - b.span.start);
}

/** Each fix is tried before it is offered, which takes time; nobody makes more such faults at once by hand. */
const mostTried = 4;

/** More of one document nobody reads. */
const mostTold = 1000;

interface Place {
  readonly document: Document.Parsed;
  readonly collection: Collection;
  /** The entry that the collection is the value of. */
  readonly owner: Entry | undefined;
  readonly path: Path;
}

function repeated(parsed: Parsed, place: Place, earlier: Entry, entry: Entry, canTry: boolean): Diagnostic {
  const { document, path } = place;
  const key = String(path.at(-1));
  const [one, other] = [earlier, entry].map((each) => valueOf(document, each));
  const isSame = jsonEqual(one, other);
  const removeThis =
    canTry && removal(parsed, place, entry, isSame ? `Remove this second "${key}"` : `Remove this "${key}"`);
  const removeFirst = canTry && removal(parsed, place, earlier, `Remove the first "${key}"`);
  // Readers that take such a text at all go by the last one.
  const isThisEmpty = isSame || other === null;
  const fixes = [isThisEmpty ? removeThis : removeFirst, isThisEmpty ? removeFirst : removeThis].filter(
    (fix) => fix !== undefined && fix !== false,
  );
  return {
    code: 'duplicate-key',
    severity: 'error',
    span: keySpan(entry),
    message: `"${key}" stands twice in the same object; keep one of them.`,
    related: [{ path, at: 'key', message: 'Here it stands first.' }],
    fixes: fixes.map((fix, index) => (index === 0 && isSame ? { ...fix, isSafe: true } : fix)),
  };
}

/** Undefined where an alias leads nowhere, or to too much. */
function valueOf(document: Document.Parsed, { value }: Entry): unknown {
  try {
    return value?.toJS(document) ?? null;
  } catch {
    return undefined; // told by itself, as a fault
  }
}

function removal(
  parsed: Parsed,
  { collection, owner }: Place,
  entry: Entry,
  title: string,
): DiagnosticFix | undefined {
  const edits = removeEntry(parsed.masked, { collection, entry }, owner);
  const mends =
    edits !== undefined && parseSlice(applyEdits(parsed.text, edits)).faults.length < parsed.faults.length;
  return mends ? { kind: 'text', title, edits } : undefined;
}

/** Where a manifest begins anew: both keys that say what it is stand twice. */
function secondManifest({ contents }: Document.Parsed): Entry | undefined {
  if (!isMap(contents)) return undefined;
  const [version, kind] = ['apiVersion', 'kind'].map((name) => secondOf(contents, name));
  if (version === undefined || kind === undefined) return undefined;
  return version.start < kind.start ? version : kind;
}

function secondOf(map: YAMLMap, name: string): Entry | undefined {
  return entriesOf(map).filter((entry) => keyOf(entry) === name)[1];
}

function missingMarker({ text }: Parsed, entry: Entry): Diagnostic {
  const at = aboveComments(text, entry.start);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const edits: readonly Edit[] = [{ span: { start: at, end: at }, newText: `---${eol}` }];
  return {
    code: 'duplicate-key',
    severity: 'error',
    span: keySpan(entry),
    message: 'Another manifest begins here: put a line "---" before it.',
    related: [],
    fixes: text.startsWith('{') ? [] : [{ kind: 'text', title: 'Insert "---"', edits }],
  };
}

/** The comments right above a line belong to it. */
function aboveComments(text: string, offset: number): number {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const comments =
    /(?:^|\n)((?:[ \t]*#[^\n]*\n)+)$/.exec(text.slice(Math.max(0, lineStart - 2000), lineStart))?.[1] ?? '';
  return lineStart - comments.length;
}

function keyOf({ key }: Entry): string | undefined {
  return isScalar(key) ? String(key.value) : undefined;
}

function keySpan({ key, start, end }: Entry): Span {
  return key?.range ? { start: key.range[0], end: key.range[1] } : { start, end };
}
