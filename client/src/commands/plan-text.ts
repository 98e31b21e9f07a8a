import { t } from '#client/l10n.ts';
import { told } from '#client/told.ts';
import { type DeployPlan, type Progress, routerParts } from '#cluster/api.ts';
import { type ObjectRef, refText } from '#cluster/object-ref.ts';
import type { ApplyPlan, ApplyPlanItem, FieldChange } from '#core/egress-router/apply-plan.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { pathText } from '#core/path-text.ts';
import type { Problem } from '#core/problem.ts';
import type { DocumentProblem } from '#core/protocol.ts';

/** What is going on, and of a router that comes up how far it is: `2/4 Deployment`. */
export function progressText({ object, message, part }: Progress): string {
  const step = part === undefined ? '' : `${routerParts.indexOf(part) + 1}/${routerParts.length} ${part}: `;
  return `${refText(object)}: ${step}${told(message)}`;
}

/** Longer lists end in "and N more": a dialog cannot scroll everywhere. */
const mostLines = 12;

/**
 * A plan as lines for a dialog, one for each object and each field that changes.
 *
 * @param moreOf what there is to say of an object besides
 */
export function planLines(
  plan: ApplyPlan,
  moreOf: (wanted: KubernetesObject) => readonly string[] = () => [],
): readonly string[] {
  const blocks = plan.items.map((item) => [
    ...itemLines(item),
    ...moreOf(item.wanted).map((line) => `    ${line}`),
  ]);
  const lines: string[] = [];
  for (const [index, block] of blocks.entries()) {
    if (index > 0 && lines.length + block.length > mostPlanLines) {
      return [...lines, t`… and ${blocks.length - index} more objects`];
    }
    lines.push(...block);
  }
  return lines;
}

/** Of many objects those that come first: a dialog keeps its buttons in sight. */
const mostPlanLines = 24;

/** What whoever acts on a router of the plan then makes and deletes. A line for each, as a dialog's lines wrap. */
export function toComeLines({ toCome }: DeployPlan, { metadata }: KubernetesObject): readonly string[] {
  return toCome
    .filter(({ router }) => router.name === metadata.name && router.namespace === metadata.namespace)
    .flatMap(({ by, made, deleted }) => {
      const makes =
        by === 'agent' ? t`the operator then makes:` : t`the Cluster Network Operator then makes:`;
      return [...headed(makes, made), ...headed(t`the operator then deletes:`, deleted)];
    });
}

/** All of the router's namespace. */
function headed(title: string, objects: readonly ObjectRef[]): readonly string[] {
  return objects.length === 0 ? [] : [title, ...objects.map(({ kind, name }) => `- ${kind} ${name}`)];
}

function itemLines(item: ApplyPlanItem): readonly string[] {
  const { kind, metadata } = item.wanted;
  const object = refText({ kind, ...metadata });
  switch (item.kind) {
    case 'create':
      return [t`+ create ${object}`];
    case 'unchanged':
      return [t`= unchanged ${object}`];
    case 'change':
      return [t`~ change ${object}`, ...shorten(item.changes.map(changeLine))];
    case 'conflict':
      return [
        t`! ${object} has fields that others set`,
        ...shorten(item.conflicts.map(({ field, manager }) => t`    ${field} is set by ${manager}`)),
        ...shorten((item.taken?.changes ?? []).map(changeLine)),
      ];
  }
}

function changeLine({ path, before, after }: FieldChange): string {
  return `    ${pathText(path)}: ${valueText(before)} → ${valueText(after)}`;
}

function valueText(value: unknown): string {
  const text = value === undefined ? t`none` : JSON.stringify(value);
  return text.length <= longestValue ? text : `${text.slice(0, longestValue)}…`;
}

/** UTF-16 code units: annotations may be long, and a dialog keeps its buttons in sight. Show Changes has all of it. */
const longestValue = 200;

export function problemLines(problems: readonly Problem[]): readonly string[] {
  return shorten(
    problems.map(
      ({ severity, path, message }) => `${severityText(severity)}: ${pathText(path)}: ${told(message)}`,
    ),
  );
}

/** By the line, which is what the editor shows. */
export function documentProblemLines(problems: readonly DocumentProblem[]): readonly string[] {
  return shorten(
    problems.map(({ severity, message, range }) => {
      const line = t`Line ${range.start.line + 1}`;
      return severity === 'error'
        ? `${line}: ${told(message)}`
        : `${line} (${severityText(severity)}): ${told(message)}`;
    }),
  );
}

function severityText(severity: Problem['severity']): string {
  switch (severity) {
    case 'error':
      return t`error`;
    case 'warning':
      return t`warning`;
    case 'information':
      return t`information`;
  }
}

export function shorten(lines: readonly string[]): readonly string[] {
  if (lines.length <= mostLines) return lines;
  return [...lines.slice(0, mostLines - 1), t`… and ${lines.length - mostLines + 1} more`];
}

/** Something in the plan takes a field from another manager. */
export function hasConflict(plan: ApplyPlan): boolean {
  return plan.items.some(({ kind }) => kind === 'conflict');
}

export function changesNothing(plan: ApplyPlan): boolean {
  return plan.items.every(({ kind }) => kind === 'unchanged');
}
