import { at, listAt, textAt } from '#core/json-value.ts';
import type { JsonObject } from '#core/schema/json-schema.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';

/** Who manages a port of a Service, or a field of it, besides `manager`: what that one does not apply stays then. */
export function otherOwners(
  service: unknown,
  entry: JsonObject,
  { manager, field }: { readonly manager: string; readonly field?: string },
): readonly string[] {
  const names = listAt(service, 'metadata', 'managedFields')
    .filter((noted) => !(textAt(noted, 'manager') === manager && textAt(noted, 'operation') === 'Apply'))
    .filter((noted) => {
      const ports = at(noted, 'fieldsV1', 'f:spec', 'f:ports');
      const marks = Object.entries(isJsonObject(ports) ? ports : {});
      return marks.some(
        ([key, fields]) =>
          isKeyOf(key, entry) && (field === undefined || at(fields, `f:${field}`) !== undefined),
      );
    })
    .map((noted) => textAt(noted, 'manager') ?? '');
  return [...new Set(names)].filter((name) => name !== '');
}

/** `k:{"port":80,"protocol":"TCP"}` */
function isKeyOf(mark: string, entry: JsonObject): boolean {
  if (!mark.startsWith('k:')) return false;
  try {
    const key: unknown = JSON.parse(mark.slice('k:'.length));
    const protocol = textAt(key, 'protocol') ?? 'TCP';
    return at(key, 'port') === entry['port'] && protocol === (entry['protocol'] ?? 'TCP');
  } catch {
    // No key as the API server writes them.
    return false;
  }
}
