import type { KubernetesObject } from '#core/manifest/object.ts';

/** What keeps an object that is being deleted, and what to do about it; none where nothing is known to. */
export function finalizerTexts({ metadata }: KubernetesObject): readonly string[] {
  // The API server's own, which goes when what the object owns has gone.
  const finalizers = (metadata.finalizers ?? []).filter((name) => name !== 'foregroundDeletion');
  return finalizers.length === 0
    ? []
    : [
        `Finalizers hold it: ${finalizers.join(', ')}. Whatever put them there has to take them off: see whether it runs.`,
      ];
}
