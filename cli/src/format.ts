import { refText } from '#cluster/object-ref.ts';
import type { ApplyPlan, ApplyPlanItem, FieldChange } from '#core/egress-router/apply-plan.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { pathText } from '#core/path-text.ts';
import { toYaml } from '#language/yaml/to-yaml.ts';
import { withoutLogCommands } from './log-commands.ts';
import { inOneLine, oneLine } from './printable.ts';

export type DataFormat = 'json' | 'yaml';

export function formatData(value: unknown, format: DataFormat): string {
  return format === 'json' ? jsonText(value) : toYaml(value);
}

/** JSON may hold the control characters from U+007F on as they are, but then they would act on a terminal. */
export function jsonText(value: unknown): string {
  const escape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  const text = JSON.stringify(value, undefined, 2).replaceAll(/[\u007f-\u009f]/g, escape);
  return `${withoutLogCommands(text, escape('#'))}\n`;
}

/** Columns as wide as their widest cell; the last one is not padded. A cell is one line: another would pass for a row. */
export function formatTable(texts: readonly (readonly string[])[]): string {
  const rows = texts.map((row) => row.map(oneLine));
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

/**
 * `create  EgressRouter demo/egress-a`, and under a change what changes.
 *
 * @param moreOf what there is to say of an object besides
 */
export function formatPlan(
  { items }: ApplyPlan,
  moreOf: (wanted: KubernetesObject) => readonly string[] = () => [],
): string {
  const lines = items.flatMap((item) => {
    const { kind, metadata } = item.wanted;
    const more = moreOf(item.wanted).map((line) => `            ${line}`);
    return [`${item.kind.padEnd(9)} ${refText({ kind, ...metadata })}`, ...details(item), ...more];
  });
  return lines.map(inOneLine).join('\n');
}

function details(item: ApplyPlanItem): readonly string[] {
  switch (item.kind) {
    case 'create':
    case 'unchanged':
      return [];
    case 'change':
      return item.changes.map(formatChange);
    case 'conflict':
      return [
        ...item.conflicts.map(({ manager, field }) => `            ${field} is managed by "${manager}"`),
        // By force.
        ...(item.taken?.changes ?? []).map(formatChange),
      ];
  }
}

function formatChange({ path, before, after }: FieldChange): string {
  return `            ${pathText(path)}: ${show(before)} -> ${show(after)}`;
}

function show(value: unknown): string {
  return value === undefined ? '(none)' : JSON.stringify(value);
}
