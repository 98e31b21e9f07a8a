import type { Path } from '#core/problem.ts';
import type { Span } from '../text/span.ts';
import type { Edit } from '../text/text-edit.ts';
import { encode, encodeJson, scalarAt } from '../yaml/embedded-json.ts';
import type { Parsed } from '../yaml/parsed.ts';
import { type ScalarSource, sourceSpan } from '../yaml/scalar-source.ts';

/**
 * Edits of the JSON that a string of the document holds, where they stand in the document: what is beside them
 * stays as it is written, however the scalar is folded. Undefined where its style cannot hold them. An edit may
 * cut an escape in two: whoever takes it reads the text again.
 */
export function stringEdits(parsed: Parsed, path: Path, edits: readonly Edit[]): readonly Edit[] | undefined {
  const found = scalarAt(parsed, path);
  if (found === undefined) return undefined;
  const { source, outward } = found;
  const isCrLf = parsed.masked.slice(source.content.start, source.content.end).includes('\r\n');
  const made: Edit[] = [];
  for (const { span, newText } of edits) {
    // Between double quotes a line break is written as one, unless it stands for a blank.
    const encoded = encode(source, newText) ?? encodeJson(source, newText);
    if (encoded === undefined) return undefined;
    const whole = newText === '' ? goneSpan(source, span) : sourceSpan(source, span);
    made.push({ span: outward(whole), newText: isCrLf ? encoded.replaceAll('\n', '\r\n') : encoded });
  }
  return made;
}

/** A line of a block goes with its indentation: what follows stands where it began. */
function goneSpan(source: ScalarSource, span: Span): Span {
  const { start, end } = sourceSpan(source, span);
  if (source.style !== 'literal') return { start, end };
  return { start, end: Math.max(end, sourceSpan(source, { start: span.end, end: span.end }).start) };
}
