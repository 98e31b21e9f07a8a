import type { Ip } from '#core/net/ip.ts';
import type { Path } from '#core/problem.ts';
import { type DestinationLine, type LegacyRule, readDestination } from '../destination.ts';
import { parametersIn } from '../parameters.ts';

/** What becomes of an `EGRESS_DESTINATION`. */
export interface MigratedDestination {
  readonly rules: readonly LegacyRule[];
  readonly fallback?: Ip;
  /** Paths count in the EgressRouter: what the comment stands before. */
  readonly comments: readonly MigratedComment[];
  /** Where the text does not say what OpenShift SDN takes, and how it was understood. */
  readonly questions: readonly string[];
  /** Why nothing can become of it; empty where something can. */
  readonly reasons: readonly string[];
}

export interface MigratedComment {
  readonly path: Path;
  /** Each with its `#`. */
  readonly lines: readonly string[];
}

export function migrateDestination(text: string): MigratedDestination {
  const rules: LegacyRule[] = [];
  const known = new Map<string, { readonly rule: LegacyRule; readonly number: number }>();
  const ports = new Set<number>();
  let fallback: { readonly destination: Ip; readonly number: number } | undefined;
  let waiting: string[] = [];
  const comments: MigratedComment[] = [];
  const questions: string[] = [];
  const reasons: string[] = [];
  const settle = (path: Path): void => {
    if (waiting.length > 0) comments.push({ path, lines: waiting });
    waiting = [];
  };
  for (const line of readDestination(text)) {
    const { number, comment, faults } = line;
    if (comment !== undefined) waiting.push(comment);
    switch (line.kind) {
      case 'comment':
        break;
      case 'unknown':
        reasons.push(
          `${label(text, line)} holds ${listed(parametersIn(contentOf(text, line)))}, which something fills in later.`,
        );
        break;
      case 'unreadable':
        reasons.push(`${label(text, line)} cannot be read: ${faults[0]?.message ?? ''}`);
        break;
      case 'rule': {
        const { rule } = line;
        const key = `${rule.protocol} ${rule.port}`;
        const same = known.get(key);
        if (same === undefined) {
          if (ports.has(rule.port)) {
            questions.push(
              `${label(text, line)}: its port stands there with another protocol, which OpenShift SDN refuses; an EgressRouter takes both.`,
            );
          }
          settle(rulePath(rules.length));
          rules.push(rule);
          known.set(key, { rule, number });
          ports.add(rule.port);
        } else if (isSame(same.rule, rule)) {
          questions.push(`${label(text, line)} repeats line ${same.number} and was left out.`);
        } else {
          reasons.push(
            `${label(text, line)}: line ${same.number} sends ${rule.protocol} port ${rule.port} elsewhere already; keep one of them.`,
          );
        }
        break;
      }
      case 'fallback':
        if (fallback === undefined) {
          fallback = { destination: line.destination, number };
          settle(['spec', 'redirect', 'fallbackIP']);
        } else if (fallback.destination === line.destination) {
          questions.push(`${label(text, line)} repeats line ${fallback.number} and was left out.`);
        } else {
          reasons.push(
            `${label(text, line)}: line ${fallback.number} is the address for all other ports already; keep one of them.`,
          );
        }
        break;
    }
    if (line.kind === 'rule' || line.kind === 'fallback') {
      if (fallback !== undefined && fallback.number < number) {
        questions.push(
          `${label(text, line)} follows the address for all other ports, which OpenShift SDN refuses; it was taken all the same.`,
        );
      }
      questions.push(
        ...faults.map(
          ({ message }) => `${label(text, line)} was understood, though OpenShift SDN refuses it: ${message}`,
        ),
      );
    }
  }
  settle(['spec', 'networkInterface']);
  if (rules.length === 0 && fallback === undefined && reasons.length === 0) {
    reasons.push('EGRESS_DESTINATION has no rule and no address to send to.');
  }
  return {
    rules,
    ...(fallback === undefined ? {} : { fallback: fallback.destination }),
    comments,
    questions,
    reasons,
  };
}

function rulePath(index: number): Path {
  return ['spec', 'redirect', 'redirectRules', index];
}

function isSame(a: LegacyRule, b: LegacyRule): boolean {
  return a.destination === b.destination && (a.targetPort ?? a.port) === (b.targetPort ?? b.port);
}

function label(text: string, line: DestinationLine): string {
  return `Line ${line.number} of EGRESS_DESTINATION, ${JSON.stringify(contentOf(text, line))}`;
}

function contentOf(text: string, { span }: DestinationLine): string {
  return text.slice(span.start, span.end);
}

function listed(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
