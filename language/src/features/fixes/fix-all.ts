import { type FileSlice, readYamlFile, type YamlFile } from '../../document.ts';
import { applyEdits, type Edit, editBetween } from '../../text/text-edit.ts';
import type { Diagnostic, DiagnosticCode, DiagnosticFix } from '../checks/diagnostic.ts';
import { toDiagnostics } from '../checks/diagnostics.ts';
import { fixTogether, type Mending } from './fix-edits.ts';

export interface FixedText {
  readonly text: string;
  /** What was done, in the order in which it was done. */
  readonly applied: readonly AppliedFix[];
  /** What there is to say of the text that came of it. */
  readonly left: readonly LeftDiagnostic[];
}

export interface AppliedFix {
  readonly code: DiagnosticCode;
  readonly title: string;
}

/** Its places count from the start of `slice`. */
export interface LeftDiagnostic {
  readonly slice: FileSlice;
  readonly diagnostic: Diagnostic;
}

/** Which fixes are made. By default those of all codes. */
export interface FixAllOptions {
  readonly code?: DiagnosticCode;
  /** No other round is begun once as many characters have been read; what is left then is for another time. */
  readonly mostCharacters?: number;
}

/**
 * Makes every fix that has one certain meaning, until none is left: a fix may bring to light what the fault
 * had hidden. Made again, it changes nothing. Only what a document tells alone is looked at: what is wrong beside
 * other documents can be meant in more than one way.
 */
export function fixText(file: YamlFile, options: FixAllOptions = {}): FixedText {
  const applied: AppliedFix[] = [];
  let current = file;
  let read = 0;
  // No fault hides more than a few others; whatever would go round in a circle ends here, as it cannot only take away.
  for (let round = 0; round < maxRounds && read <= (options.mostCharacters ?? Infinity); ) {
    const edits: Edit[] = [];
    for (const slice of current.slices) {
      const mendings = mendableIn(slice)
        .filter(({ code }) => options.code === undefined || code === options.code)
        .flatMap(toMending);
      const together = mendings.length === 0 ? undefined : fixTogether(slice, mendings);
      if (together === undefined) continue;
      edits.push(...together.edits);
      applied.push(...together.made.map(({ diagnostic: { code }, fix: { title } }) => ({ code, title })));
    }
    const text = applyEdits(current.text, edits);
    if (text === current.text) break;
    if (text.length >= current.text.length) round += 1;
    read += current.text.length;
    current = readYamlFile(text, current);
  }
  const left = current.slices.flatMap((slice) =>
    diagnosticsOf(slice).map((diagnostic) => ({ slice, diagnostic })),
  );
  return { text: current.text, applied, left };
}

/** The edit that does it, or most of it in a file so long that it would take long. Undefined where there is nothing to do. */
export function fixAllEdit(file: YamlFile, options: FixAllOptions = {}): Edit | undefined {
  const { text } = fixText(file, { mostCharacters: mostInEditor, ...options });
  return text === file.text ? undefined : editBetween(file.text, text);
}

function diagnosticsOf({ content }: FileSlice): readonly Diagnostic[] {
  return content?.diagnostics ?? [];
}

export function safeFixOf({ fixes }: Diagnostic): DiagnosticFix | undefined {
  return fixes.find(({ isSafe }) => isSafe === true);
}

const maxRounds = 30;

/** Meanwhile the editor waits. */
const mostInEditor = 3_000_000;

/** All of them: of a document that has more than are shown, these are looked for anew. */
function mendableIn({ content }: FileSlice): readonly Diagnostic[] {
  if (content === undefined) return [];
  const { diagnostics, source, objects, reconciler } = content;
  if (diagnostics.length < manyDiagnostics) return diagnostics;
  return toDiagnostics(source.parsed(), objects, reconciler, 'mendable');
}

/** Some of a longer list may not be shown. */
const manyDiagnostics = 500;

function toMending(diagnostic: Diagnostic): readonly Mending[] {
  const fix = safeFixOf(diagnostic);
  return fix === undefined ? [] : [{ diagnostic, fix }];
}
