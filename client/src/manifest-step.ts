import { egressRouterSchema } from '#core/egress-router/schema.generated.ts';
import { appliedPart } from '#core/manifest/applied-part.ts';
import { userFieldManager } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { applyDefaults } from '#core/schema/defaults.ts';
import { isJsonObject, jsonEqual } from '#core/schema/json-schema.ts';

/**
 * True where applying a manifest would leave the spec of the live router as it is: the live router has all that it
 * says, and nothing that was applied with it before and that it no longer says. What others have set stays.
 */
export function isInStep(manifest: KubernetesObject, live: KubernetesObject): boolean {
  return agrees(specOf(manifest), specOf(live), appliedPart(live, userFieldManager)['spec']);
}

/** With the defaults that the API server fills in. */
function specOf(object: KubernetesObject): unknown {
  const full = applyDefaults(egressRouterSchema, object);
  return isJsonObject(full) ? full['spec'] : undefined;
}

/** @param applied as much of the live value as the apply before has set */
function agrees(wanted: unknown, live: unknown, applied: unknown): boolean {
  if (!isJsonObject(wanted) || !isJsonObject(live)) return jsonEqual(wanted, live);
  const ours = isJsonObject(applied) ? applied : {};
  return [...new Set([...Object.keys(wanted), ...Object.keys(live)])].every((key) =>
    Object.hasOwn(wanted, key) ? agrees(wanted[key], live[key], ours[key]) : !Object.hasOwn(ours, key),
  );
}
