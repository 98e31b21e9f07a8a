import type { Reconciler } from '#core/egress-router/reconciler.ts';
import type { YamlFile } from '#language/document.ts';
import type { TextFile } from '../read-files.ts';
import type { LintResult } from './finding.ts';
import { lintText } from './lint-text.ts';

export interface LintOptions {
  readonly reconciler: Reconciler;
}

/** Checks files, each for itself and all of them together, as the editor does with those of a workspace. */
export function lintFiles(files: readonly TextFile[], _options: LintOptions): LintResult {
  const linted = files.map(lintText);
  return {
    files: files.map(({ path }) => path),
    routers: linted.reduce((sum, { yaml }) => sum + countRouters(yaml), 0),
    findings: linted.flatMap(({ findings }) => findings),
  };
}

function countRouters({ slices }: YamlFile): number {
  return slices.reduce(
    (sum, { content }) => sum + (content?.objects.filter(({ kind }) => kind === 'router').length ?? 0),
    0,
  );
}
