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

/** Whether a selector selects the pods of a router, by the documented labels or, further in its namespace, its own. */
export function selectsRouter(
  selector: Readonly<Record<string, string>>,
  routerName: string | undefined,
): boolean {
  if (selects(selector, documentedLabels)) return true;
  if (routerName === undefined) return false;
  const own = { [routerLabel]: routerLabelValue(routerName) };
  return (
    selects(selector, { ...documentedLabels, ...own }) ||
    selects(selector, { [appLabel]: namesOfFurther(routerName).app, ...own })
  );
}

const documentedLabels = { [appLabel]: appLabelValue } as const;
