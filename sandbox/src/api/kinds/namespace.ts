import { stringsAt, textAt, withValue } from '../json.ts';
import type { Behavior } from '../resource.ts';

/** `kubernetes` in `spec.finalizers` holds a namespace until its contents are gone. */
export const namespaceBehavior: Behavior = {
  bumpsGeneration: false,
  returnsDeleted: false,
  setDefaults(namespace) {
    const name = textAt(namespace, 'metadata', 'name') ?? '';
    return withValue(namespace, ['metadata', 'labels', 'kubernetes.io/metadata.name'], name);
  },
  onCreate(namespace) {
    const finalizers = [...new Set([...stringsAt(namespace, 'spec', 'finalizers'), 'kubernetes'])];
    return { ...namespace, spec: { finalizers }, status: { phase: 'Active' } };
  },
  onUpdate: (namespace, before) => ({ ...namespace, spec: before['spec'] }),
  selectable: (namespace) => ({ 'status.phase': textAt(namespace, 'status', 'phase') ?? '' }),
};
