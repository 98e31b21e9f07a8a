import { listAt, textAt } from '../json-value.ts';
import type { KubernetesObject } from '../manifest/object.ts';
import { textHash } from '../text-hash.ts';
import { optionPrefix } from './options.ts';
import type { EgressRouterCondition } from './wire.ts';

/** Of which state of a router its conditions give account. */
export type Account =
  /** Of the one that is stored now. */
  | 'current'
  /** Of an earlier one: what it says of faults and of rules in force is about that. */
  | 'behind'
  /** Nobody tells: another reconciler wrote them, an operator of an earlier version, or nobody yet. */
  | 'untold';

/**
 * The conditions of a router, where they say at the end of `Progressing` what they give account of. The schema of
 * this resource has no place for an `observedGeneration`, and the status has to say it itself: what it tells and what
 * it tells of can then never come apart. Clients of other versions read the sentence, so it stays in these words.
 */
export function withAccount(
  conditions: readonly EgressRouterCondition[],
  of: KubernetesObject,
): readonly EgressRouterCondition[] {
  const sentence = accountSentence(of);
  if (sentence === undefined) return conditions;
  return conditions.map((condition) =>
    condition.type === 'Progressing'
      ? { ...condition, message: `${condition.message ?? ''} ${sentence}`.trimStart() }
      : condition,
  );
}

export function accountOf(router: KubernetesObject): Account {
  const progressing = listAt(router, 'status', 'conditions').find(
    (condition) => textAt(condition, 'type') === 'Progressing',
  );
  const [told] = sentenceAtEnd.exec(textAt(progressing, 'message') ?? '') ?? [];
  if (told === undefined) return 'untold';
  return told.trimStart() === accountSentence(router) ? 'current' : 'behind';
}

/** What else a message says. */
export function withoutAccount(message: string): string {
  return message.replace(sentenceAtEnd, '');
}

/** Annotations that ask for something count as the spec does, and move no generation. */
function accountSentence({
  metadata: { generation, annotations = {} },
}: KubernetesObject): string | undefined {
  if (generation === undefined) return undefined;
  const asking = Object.entries(annotations)
    .filter(([key]) => key.startsWith(optionPrefix))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  const hash = asking.length === 0 ? '' : `, annotations ${textHash(JSON.stringify(asking))}`;
  return `Seen at generation ${generation}${hash}.`;
}

const sentenceAtEnd = / ?Seen at generation [0-9]+(?:, annotations [0-9a-f]{8})?\.$/;
