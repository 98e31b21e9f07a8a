import { egressRouterKind } from '#core/egress-router/wire.ts';
import { at, textAt } from '#core/json-value.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import { withLineFeeds } from './text/line-ends.ts';
import { toSlices } from './text/slices.ts';
import { fastValue } from './yaml/fast-value.ts';
import { parseSlice } from './yaml/parsed.ts';

/** What a patch puts in the place of a router's addresses, as far as that is certain. */
export interface AddressPatch {
  /** The routers that its objects name, whose list of addresses is another one then. */
  readonly routers: readonly string[];
  /** What its operations (JSON 6902) replace: entries of the list, negative ones counted from its end, or all of it. The target tells of which router. */
  readonly entries: readonly (number | 'all')[];
}

export const noAddresses: AddressPatch = { routers: [], entries: [] };

/** Reads a patch, of either kind. */
export function addressPatchIn(text: string): AddressPatch {
  // Most patches are of something else.
  if (!mayPatchAddresses(text)) return noAddresses;
  const values = valuesIn(text);
  return {
    routers: values.flatMap((value) => {
      const name = textAt(value, 'metadata', 'name');
      const isOfRouter = textAt(value, 'kind') === egressRouterKind && name !== undefined;
      // To Kustomize a list of a custom resource has no keys: the whole of it gives way.
      const isTaken = textAt(value, '$patch') === 'delete' || Array.isArray(at(value, 'spec', 'addresses'));
      return isOfRouter && isTaken ? [name] : [];
    }),
    entries: values.flatMap((value) => (Array.isArray(value) ? value.flatMap(entryOf) : [])),
  };
}

/** Whether a text may be a patch of either kind that says anything of addresses. Costs next to nothing. */
export function mayPatchAddresses(text: string): boolean {
  return text.includes('addresses') || (text.includes('$patch') && text.includes(egressRouterKind));
}

/** Whether a patch takes an address from a router. @param indexes of its entry, from either end of the list */
export function takesAddress(
  { routers, entries }: AddressPatch,
  target: unknown,
  router: string,
  indexes: readonly number[],
): boolean {
  const [kind, name] = [textAt(target, 'kind'), textAt(target, 'name')];
  if (kind !== undefined && kind !== egressRouterKind) return false;
  if (target === undefined) return routers.includes(router);
  // A target selects by more than these: then it may be meant for other routers.
  const isMeant =
    isJsonObject(target) &&
    !('labelSelector' in target) &&
    !('annotationSelector' in target) &&
    name === router;
  const isTaken = entries.some((entry) => entry === 'all' || indexes.includes(entry));
  return isMeant && (routers.length > 0 || isTaken);
}

/** Whether a patch may be meant for the router of a name. Kinds and names of a target are expressions. */
export function mayConcern(target: unknown, router: string): boolean {
  const [kind, name] = [textAt(target, 'kind'), textAt(target, 'name')];
  if (kind !== undefined && kind !== egressRouterKind && /^[A-Za-z0-9]+$/.test(kind)) return false;
  return name === undefined || name === router || !/^[a-z0-9-]+$/.test(name);
}

function valuesIn(text: string): readonly unknown[] {
  return toSlices(withLineFeeds(text)).map(
    (slice) => fastValue(slice.text)?.value ?? parseSlice(slice.text).value,
  );
}

function entryOf(operation: unknown): readonly (number | 'all')[] {
  const op = textAt(operation, 'op');
  const path = textAt(operation, 'path') ?? '';
  const replaces = op === 'replace' || op === 'remove';
  if (path === '/spec/addresses' || path === '/spec') return replaces || op === 'add' ? ['all'] : [];
  const [, index] = /^\/spec\/addresses\/(-?[0-9]{1,3})(?:\/ip)?$/.exec(path) ?? [];
  return index !== undefined && replaces ? [Number(index)] : [];
}
