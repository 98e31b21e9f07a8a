/** What was found out about one thing that a router needs. Only people read `message`; `code` is for programs. */
export interface Finding {
  readonly code: FindingCode;
  readonly verdict: Verdict;
  readonly message: string;
  /** What of `message` is this router's alone, such as a MAC address: but for it, that of others reads the same. */
  readonly own?: string;
  /** Commands or settings, filled in as far as the cluster tells, to be copied as they are. */
  readonly remedy?: Remedy;
}

/** `error`: no router comes of it, or something else breaks. `information`: nothing tells, or it is only to be known. */
export type Verdict = 'ok' | 'information' | 'warning' | 'error';

export interface Remedy {
  /** What it is, as a button or heading says it: `Command for OpenStack`. */
  readonly title: string;
  readonly text: string;
}

export type FindingCode =
  | 'crd'
  | 'multus'
  | 'reconciler'
  | 'permissions'
  | 'document'
  | 'router'
  | 'platform'
  | 'address'
  | 'nic'
  | 'capacity'
  | 'sctp'
  | 'pod-security'
  | 'scc'
  | 'second-router';

/** The worst first; equal ones keep their order. */
export function worstFirst<T extends Pick<Finding, 'verdict'>>(findings: readonly T[]): readonly T[] {
  return findings.toSorted((a, b) => severities.indexOf(a.verdict) - severities.indexOf(b.verdict));
}

const severities: readonly Verdict[] = ['error', 'warning', 'information', 'ok'];
