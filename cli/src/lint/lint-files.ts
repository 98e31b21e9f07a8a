import type { Reconciler } from '#core/egress-router/reconciler.ts';
import type { RelationProblemCode } from '#core/relations/problem-codes.ts';
import { readYamlFile, type YamlFile } from '#language/document.ts';
import { safeFixOf } from '#language/features/fixes/fix-all.ts';
import { kindsIn } from '#language/slice-content.ts';
import { moved, type Span } from '#language/text/span.ts';
import { type FileDiagnostic, Workspace } from '#language/workspace.ts';
import type { TextFile } from '../read-files.ts';
import type { Finding, LintResult, Place, Position } from './finding.ts';

export interface LintOptions {
  readonly reconciler: Reconciler;
}

export interface LintedFiles extends LintResult {
  /** One for each file, in their order. */
  readonly yaml: readonly YamlFile[];
  /** Those in documents that hold an EgressRouter. */
  readonly routerFindings: readonly Finding[];
  /** Those in other documents, of ports of Services at which their router refuses clients. */
  readonly deafPorts: readonly Finding[];
}

/**
 * Checks files, each for itself and all of them together, as the editor does with those of a workspace.
 *
 * @param beside files that tell what the others are, and of which nothing is told
 * @param yaml the files, where they have been read already
 */
export function lintFiles(
  files: readonly TextFile[],
  options: LintOptions,
  beside: readonly TextFile[] = [],
  yaml: readonly YamlFile[] = files.map(({ text }) => readYamlFile(text, undefined, options)),
): LintedFiles {
  const workspace = new Workspace();
  for (const { path, text } of beside) workspace.setFile(path, readYamlFile(text, undefined, options));
  for (const [index, { path }] of files.entries()) {
    const file = yaml[index];
    if (file !== undefined) workspace.setFile(path, file);
  }
  const lines = new LineStarts(workspace);
  const found = files.flatMap((file, index) => [
    ...ofEncoding(file, yaml[index], lines),
    ...workspace.diagnosticsOf(file.path).map((one) => ({
      finding: toFinding(file.path, one, lines),
      isRouter: one.slice.content !== undefined && kindsIn(one.slice.content).includes('router'),
    })),
  ]);
  return {
    yaml,
    files: files.map(({ path }) => path),
    counts: countObjects(yaml),
    findings: found.map(({ finding }) => finding),
    routerFindings: found.filter(({ isRouter }) => isRouter).map(({ finding }) => finding),
    deafPorts: found
      .filter(({ isRouter, finding }) => !isRouter && deafPortCodes.includes(finding.code))
      .map(({ finding }) => finding),
  };
}

const deafPortCodes: readonly string[] = [
  'service-port-without-rule',
  'service-protocol',
  'service-target-port',
] satisfies readonly RelationProblemCode[];

/** Of files that hold nothing of ours nothing is said. */
function ofEncoding(
  { path, encodingFault }: TextFile,
  file: YamlFile | undefined,
  lines: LineStarts,
): readonly { readonly finding: Finding; readonly isRouter: boolean }[] {
  if (encodingFault === undefined || file === undefined) return [];
  const kinds = file.slices.flatMap(({ content }) => (content === undefined ? [] : kindsIn(content)));
  if (kinds.every((kind) => kind === 'service' || kind === 'config-map')) return [];
  const { message, ...span } = encodingFault;
  const place = lines.place(path, span);
  const finding: Finding = {
    ...place,
    code: 'yaml-syntax',
    severity: 'error',
    message,
    related: [],
    isFixable: false,
  };
  return [{ finding, isRouter: kinds.includes('router') }];
}

function countObjects(files: readonly YamlFile[]): LintResult['counts'] {
  const found = { router: 0, nad: 0, legacy: 0, service: 0, 'config-map': 0 };
  for (const { slices } of files)
    for (const { content } of slices)
      if (content !== undefined) for (const kind of kindsIn(content)) found[kind] += 1;
  return { routers: found.router, nads: found.nad, legacyRouters: found.legacy };
}

function toFinding(path: string, { slice, diagnostic, related }: FileDiagnostic, lines: LineStarts): Finding {
  const { code, severity, message, span } = diagnostic;
  return {
    ...lines.place(path, moved(span, slice.start)),
    code,
    severity,
    message,
    related: related.map((one) => ({ ...lines.place(one.uri, one.span), message: one.message })),
    isFixable: safeFixOf(diagnostic) !== undefined,
  };
}

/** Where the lines of each file begin, found out when it is first asked: most files have nothing to show. */
class LineStarts {
  readonly #workspace: Workspace;
  readonly #known = new Map<string, readonly number[]>();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  place(path: string, { start, end }: Span): Place {
    const lineStarts = this.#known.get(path) ?? lineStartsOf(this.#workspace.file(path)?.text ?? '');
    this.#known.set(path, lineStarts);
    return { path, start: positionOf(lineStarts, start), end: positionOf(lineStarts, end) };
  }
}

function lineStartsOf(text: string): readonly number[] {
  return [0, ...Array.from(text.matchAll(/\r?\n|\r/g), ({ 0: end, index }) => index + end.length)];
}

function positionOf(lineStarts: readonly number[], offset: number): Position {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (lineStarts[low] ?? 0) + 1 };
}
