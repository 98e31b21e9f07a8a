import type { Severity } from '#core/problem.ts';
import { readYamlFile, type YamlFile } from '#language/document.ts';
import type { TextFile } from './read-files.ts';

export interface Finding {
  readonly path: string;
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  /** Lines and columns count from 1, columns in UTF-16 code units; `end` is exclusive. */
  readonly start: Position;
  readonly end: Position;
}

interface Position {
  readonly line: number;
  readonly column: number;
}

export interface LintedFile {
  readonly yaml: YamlFile;
  readonly findings: readonly Finding[];
}

/** The same diagnostics as in the editor. */
export function lintText({ path, text }: TextFile): LintedFile {
  const yaml = readYamlFile(text);
  const lineStarts = [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)];
  const findings = yaml.slices.flatMap(({ start, content }) =>
    (content?.diagnostics ?? []).map(({ code, severity, message, span }) => ({
      path,
      code,
      severity,
      message,
      start: positionOf(lineStarts, start + span.start),
      end: positionOf(lineStarts, start + span.end),
    })),
  );
  return { yaml, findings };
}

/** `router.yaml:7:9: error gateway-outside-subnet: …` */
export function formatFinding({ path, code, severity, message, start }: Finding): string {
  return `${path}:${start.line}:${start.column}: ${severity} ${code}: ${message}\n`;
}

export function countErrors(findings: readonly Finding[]): number {
  return findings.filter(({ severity }) => severity === 'error').length;
}

function positionOf(lineStarts: readonly number[], offset: number): Position {
  const line = Math.max(1, lineStarts.findLastIndex((start) => start <= offset) + 1);
  return { line, column: offset - (lineStarts[line - 1] ?? 0) + 1 };
}
