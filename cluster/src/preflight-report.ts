import type { Finding } from '#core/platform/finding.ts';
import type { ObjectName } from './object-ref.ts';

/** What a preflight found, of the routers each for itself. */
export interface PreflightReport {
  /** Who acts on EgressRouters here; absent where nobody does, or nothing tells. */
  readonly reconciler?: 'cno' | 'agent';
  /** Of the cluster, and of the namespaces. */
  readonly findings: readonly Finding[];
  /** Empty where a namespace was asked for. */
  readonly routers: readonly RouterFindings[];
}

interface RouterFindings {
  readonly router: ObjectName;
  readonly findings: readonly Finding[];
}
