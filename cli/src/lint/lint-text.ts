import { readYamlFile, type YamlFile } from '#language/document.ts';
import type { TextFile } from '../read-files.ts';
import type { Finding, Position } from './finding.ts';

export interface LintedFile {
  readonly yaml: YamlFile;
  readonly findings: readonly Finding[];
}

/** The same diagnostics as in the editor, those of the file alone. */
export function lintText({ path, text }: TextFile): LintedFile {
  const yaml = readYamlFile(text);
  if (yaml.slices.every(({ content }) => (content?.diagnostics.length ?? 0) === 0))
    return { yaml, findings: [] };
  const lineStarts = lineStartsOf(text);
  const findings = yaml.slices.flatMap(({ start, content }) =>
    (content?.diagnostics ?? []).map(({ code, severity, message, span, fixes }) => ({
      path,
      code,
      severity,
      message,
      start: positionOf(lineStarts, start + span.start),
      end: positionOf(lineStarts, start + span.end),
      related: [],
      isFixable: fixes.some(({ isSafe }) => isSafe === true),
    })),
  );
  return { yaml, findings };
}

export function lineStartsOf(text: string): readonly number[] {
  return [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)];
}

export function positionOf(lineStarts: readonly number[], offset: number): Position {
  const line = Math.max(1, lineStarts.findLastIndex((start) => start <= offset) + 1);
  return { line, column: offset - (lineStarts[line - 1] ?? 0) + 1 };
}
