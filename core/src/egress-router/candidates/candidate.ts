import type { ClusterFacts } from '#core/relations/cluster-facts.ts';
import type { Facts } from '#core/relations/facts.ts';
import type { RouterReading } from '../parse.ts';

/** A value that a field could have. */
export interface Candidate {
  /** What to write, in pieces; a placeholder is text that the person is expected to replace. */
  readonly parts: readonly (string | { readonly placeholder: string })[];
  readonly note: string;
}

/** What the values of a field are chosen by. */
export interface Surroundings {
  /** Of the objects of the workspace; the router itself may be among them. */
  readonly facts: readonly Facts[];
  /** Absent where no cluster is connected. */
  readonly cluster?: ClusterFacts;
}

/** The manifest that the field is in. */
export interface Manifest {
  /** As plain data, as far as it can be had. */
  readonly value: unknown;
  readonly reading: RouterReading;
}

export const nothingAround: Surroundings = { facts: [] };

export function candidateText({ parts }: Candidate): string {
  return parts.map((part) => (typeof part === 'string' ? part : part.placeholder)).join('');
}

export function plain(text: string, note: string): Candidate {
  return { parts: [text], note };
}
