import type { KubernetesObject } from '#core/manifest/object.ts';
import { jsonEqual } from '#core/schema/json-schema.ts';
import { toManifest } from './commands/live-manifest.ts';

/** True where a manifest and a live router want the same: what Diff would show is no difference of the spec. */
export function isInStep(manifest: KubernetesObject, live: KubernetesObject): boolean {
  return jsonEqual(toManifest(live, manifest)['spec'], manifest['spec']);
}
