import { ClusterError } from './errors.ts';
import type { ResourceKind } from './kinds.ts';

/** One page of a list, as it came. */
export interface Page {
  /** UTF-16 code units of its text. */
  readonly size: number;
  readonly objects: number;
  /** Leads to the next page; empty: this is the last one. */
  readonly next: string;
}

/** To be told of each page of a list. Throws a ClusterError `server-error` where the list seems to have no end. */
export type ListGuard = (page: Page) => void;

/** @param mostSize of all pages together */
export function makeListGuard({ plural }: ResourceKind, mostSize: number): ListGuard {
  const seen = new Set<string>();
  let size = 0;
  let objects = 0;
  let emptyInARow = 0;
  return (page) => {
    size += page.size;
    objects += page.objects;
    emptyInARow = page.objects === 0 ? emptyInARow + 1 : 0;
    const why = seen.has(page.next)
      ? 'the API server leads from one page back to a page before, so that the list has no end'
      : size > mostSize
        ? `the list is larger than ${mostSize / 2 ** 20} MiB, and is not read any further`
        : objects > mostObjects
          ? `the list has more than ${mostObjects} objects, and is not read any further`
          : emptyInARow > mostEmptyPages
            ? `the API server leads from page to page with nothing on the last ${mostEmptyPages} of them`
            : undefined;
    if (page.next === '') return;
    if (why !== undefined) {
      const message = `Cannot list ${plural}: ${why}. Check that the kubeconfig names a Kubernetes cluster, and that no proxy answers in its place.`;
      throw new ClusterError({ reason: 'server-error', message });
    }
    seen.add(page.next);
  };
}

/** Who goes on to the next page keeps what is on this one: a tenth of it is what the largest clusters have. */
export const largestListSize = 512 * 2 ** 20;

/** Kubernetes is tested with 150,000 pods. https://kubernetes.io/docs/setup/best-practices/cluster-large/ */
const mostObjects = 500_000;

/** Of a list by selector, a page may well be empty; API servers look further before they answer so. */
const mostEmptyPages = 1000;
