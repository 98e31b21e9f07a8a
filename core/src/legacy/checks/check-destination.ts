import type { Fix, Path } from '#core/problem.ts';
import { type DestinationLine, type LineEdit, readDestination, type TextSpan } from '../destination.ts';
import { type LegacyProblem, type LegacyProblemCode, legacyProblem } from '../problems.ts';

/**
 * What is wrong with the text of an `EGRESS_DESTINATION`, wherever it is written: in the pod, or in the ConfigMap
 * that the pod takes it from.
 * @param path of the text; its parts are told by `within`
 */
export function checkDestination(text: string, path: Path): readonly LegacyProblem[] {
  const lines = readDestination(text);
  const said = lines.filter(({ kind }) => kind !== 'comment');
  if (said.length === 0) {
    const message =
      'There is no destination: write a line for each port, such as "8080 tcp 203.0.113.25 80".';
    return [legacyProblem('error', 'legacy-destination-missing', path, message)];
  }
  return [
    ...lineProblems(text, lines, path),
    ...portProblems(said, path),
    ...fallbackProblems(text, said, path),
  ].toSorted((a, b) => (a.within?.start ?? 0) - (b.within?.start ?? 0));
}

function lineProblems(text: string, lines: readonly DestinationLine[], path: Path): readonly LegacyProblem[] {
  const faults = lines.flatMap((line) => line.faults);
  const mends = faults.flatMap(({ mend }) => mend ?? []);
  const all: Fix = {
    title: `Mend all ${mends.length} faults like this one`,
    edits: [
      {
        kind: 'replace',
        path,
        value: edited(
          text,
          mends.flatMap(({ edits }) => edits),
        ),
      },
    ],
    isSafe: true,
  };
  return faults.map(({ span, message, mend }) => {
    const problem = inText('legacy-destination-invalid', path, span, message);
    if (mend === undefined) return problem;
    const edits = [{ kind: 'replace', path, value: edited(text, mend.edits) }] as const;
    // Mended one by one, each would have to wait for the text that the one before it leaves.
    const fixes: readonly Fix[] =
      mends.length === 1 ? [{ title: mend.title, edits, isSafe: true }] : [{ title: mend.title, edits }, all];
    return { ...problem, fixes };
  });
}

function portProblems(lines: readonly DestinationLine[], path: Path): readonly LegacyProblem[] {
  const first = new Map<number, number>();
  return lines.flatMap((line) => {
    if (line.kind !== 'rule') return [];
    const { port } = line.rule;
    const earlier = first.get(port);
    if (earlier === undefined) {
      first.set(port, line.number);
      return [];
    }
    const span = { start: line.span.start, end: line.span.start + String(port).length };
    const message = `Port ${port} already has line ${earlier}; a port may stand in one line only, even with another protocol.`;
    return [inText('legacy-destination-duplicate', path, span, message)];
  });
}

function fallbackProblems(
  text: string,
  lines: readonly DestinationLine[],
  path: Path,
): readonly LegacyProblem[] {
  const [first, ...others] = lines.filter(({ kind }) => kind === 'fallback');
  if (first === undefined) return [];
  const last = lines.at(-1);
  const repeats = others.map(({ span }) =>
    inText(
      'legacy-fallback-misplaced',
      path,
      span,
      `Line ${first.number} is the address for all other ports already; there can be one only.`,
    ),
  );
  if (repeats.length > 0 || last === undefined || last === first) return repeats;
  const message =
    'The address for all other ports has to be the last line: what follows it makes the router end.';
  const value = movedToEnd(text, first.number, last.number);
  const fixes = [
    { title: 'Make it the last line', edits: [{ kind: 'replace', path, value }], isSafe: true },
  ] as const;
  return [{ ...inText('legacy-fallback-misplaced', path, first.span, message), fixes }];
}

/** Line numbers count from 1. */
function movedToEnd(text: string, line: number, last: number): string {
  const lines = text.split('\n');
  const moved = lines[line - 1] ?? '';
  return [...lines.slice(0, line - 1), ...lines.slice(line, last), moved, ...lines.slice(last)].join('\n');
}

function edited(text: string, edits: readonly LineEdit[]): string {
  // From the end, so that no edit moves the place of another; what is put before a word comes after the word itself.
  const fromEnd = edits.toSorted((a, b) => b.span.start - a.span.start || b.span.end - a.span.end);
  return fromEnd.reduce(
    (made, { span, text: put }) => made.slice(0, span.start) + put + made.slice(span.end),
    text,
  );
}

function inText(code: LegacyProblemCode, path: Path, within: TextSpan, message: string): LegacyProblem {
  return { ...legacyProblem('error', code, path, message), within };
}
