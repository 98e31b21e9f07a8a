import type { Reconciler } from '#core/egress-router/reconciler.ts';
import { appLabel, appLabelValue, routerLabel } from '#core/manifest/names.ts';
import { namesOfFurther, routerLabelValue } from '#core/manifest/router-names.ts';

/** Whether a selector selects a pod with these labels. */
export function selects(
  selector: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(selector).every(
    ([key, value]) => Object.hasOwn(labels, key) && labels[key] === value,
  );
}

/**
 * Whether a selector selects the pods of a router, by the documented labels or, further in its namespace, its own.
 * The Cluster Network Operator sets the documented ones alone.
 */
export function selectsRouter(
  selector: Readonly<Record<string, string>>,
  routerName: string | undefined,
  reconciler: Reconciler = 'unknown',
): boolean {
  if (selects(selector, documentedLabels)) return true;
  if (routerName === undefined || reconciler === 'cno') return false;
  const own = { [routerLabel]: routerLabelValue(routerName) };
  return (
    selects(selector, { ...documentedLabels, ...own }) ||
    selects(selector, { [appLabel]: namesOfFurther(routerName).app, ...own })
  );
}

/** Whether a selector is one of a router's Service, of whichever router. */
export function mayLeadToRouter(selector: Readonly<Record<string, string>> | undefined): boolean {
  return selector !== undefined && (selector[appLabel] === appLabelValue || selectsOwnLabels(selector));
}

/** Whether a selector names a label that only this project's operator sets, of whichever router. */
export function selectsOwnLabels(selector: Readonly<Record<string, string>>): boolean {
  return (
    Object.hasOwn(selector, routerLabel) || (selector[appLabel]?.startsWith(`${appLabelValue}-`) ?? false)
  );
}

const documentedLabels = { [appLabel]: appLabelValue } as const;
