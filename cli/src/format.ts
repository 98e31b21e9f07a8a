import type { ApplyPlan, ApplyPlanItem } from '#core/egress-router/apply-plan.ts';
import type { Path } from '#core/problem.ts';
import { toYaml } from '#language/to-yaml.ts';

export type DataFormat = 'json' | 'yaml';

export function formatData(value: unknown, format: DataFormat): string {
  return format === 'json' ? `${JSON.stringify(value, undefined, 2)}\n` : toYaml(value);
}

/** Columns as wide as their widest cell; the last one is not padded. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (known, row) => row.map((cell, column) => Math.max(cell.length, known[column] ?? 0)),
    [],
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('   ')
      .trimEnd(),
  );
  return lines.map((line) => `${line}\n`).join('');
}

/** `create  EgressRouter demo/egress-a`, and under a change what changes. */
export function formatPlan({ items }: ApplyPlan): string {
  return items.flatMap((item) => [`${item.kind.padEnd(9)} ${nameOf(item)}`, ...details(item)]).join('\n');
}

function details(item: ApplyPlanItem): readonly string[] {
  switch (item.kind) {
    case 'create':
    case 'unchanged':
      return [];
    case 'change':
      return item.changes.map(
        ({ path, before, after }) => `            ${formatPath(path)}: ${show(before)} -> ${show(after)}`,
      );
    case 'conflict':
      return item.conflicts.map(({ manager, field }) => `            ${field} is managed by "${manager}"`);
  }
}

function nameOf({ wanted: { kind, metadata } }: ApplyPlanItem): string {
  return `${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`;
}

/** `spec.addresses[0].ip` */
export function formatPath(path: Path): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join('');
}

function show(value: unknown): string {
  return value === undefined ? '(none)' : JSON.stringify(value);
}
