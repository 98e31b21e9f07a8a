import { fastValue } from '../yaml/fast-value.ts';
import { parseSlice } from '../yaml/parsed.ts';

/** A document as the migration of old routers takes it, or why it cannot. */
export type Migratable =
  | { readonly kind: 'read'; readonly value: unknown }
  | { readonly kind: 'refused'; readonly reason: string };

/** Takes the text of one slice. Never throws. A value with holes would be taken for what stands in their place. */
export function readMigratable(text: string): Migratable {
  // The `${{NAME}}` of a Template stands for a whole value; it is no template expression of Helm.
  const plain = text.replaceAll(/\$\{\{(\w+)\}\}/g, '${$1}');
  const fast = fastValue(plain);
  if (fast !== undefined) return { kind: 'read', value: fast.value };
  const { holes, faults, value } = parseSlice(plain);
  if (holes.length > 0) {
    return {
      kind: 'refused',
      reason: 'The document is a template: render it first, as with "helm template".',
    };
  }
  const [fault] = faults;
  return fault === undefined
    ? { kind: 'read', value }
    : {
        kind: 'refused',
        reason: `The document cannot be read as YAML: ${fault.message.replace(/\.?$/, '.')}`,
      };
}
