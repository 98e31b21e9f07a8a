import { parseRouter } from '#core/egress-router/parse.ts';
import { egressRouterApiVersion, egressRouterKind } from '#core/egress-router/wire.ts';
import { at, listAt, textAt } from '#core/json-value.ts';
import type { Path } from '#core/problem.ts';
import type { AddressFact, WrittenPlace } from '#core/relations/facts.ts';
import { toRouterFacts } from '#core/relations/router-facts.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import { withLineFeeds } from './text/line-ends.ts';
import { toSlices } from './text/slices.ts';
import { moved } from './text/span.ts';
import { mayHoldTemplates } from './text/templates.ts';
import { parseSlice } from './yaml/parsed.ts';
import { spanOf } from './yaml/source-map.ts';

/** What a patch gives a router that is written elsewhere. */
export interface PatchedRouter {
  /** Absent where only the target of the patch tells. */
  readonly name?: string;
  readonly namespace?: string;
  readonly addresses: readonly AddressFact[];
}

/** Reads one document of a patch, of either kind; paths count from its root. */
export function patchedRoutersIn(value: unknown): readonly PatchedRouter[] {
  if (Array.isArray(value)) {
    const addresses = value.flatMap((operation: unknown, index) => addressesOf(operation, [index, 'value']));
    return addresses.length === 0 ? [] : [{ addresses }];
  }
  if (textAt(value, 'kind') !== egressRouterKind) return [];
  const { addresses, name, namespace } = toRouterFacts(parseRouter(value).reading);
  if (addresses.length === 0) return [];
  return [
    { ...(name === undefined ? {} : { name }), ...(namespace === undefined ? {} : { namespace }), addresses },
  ];
}

/** The same of a patch that is text in a string. @param path of the string */
export function patchedRoutersInText(text: string, path: Path): readonly PatchedRouter[] {
  if (!text.includes('addresses') || mayHoldTemplates(text)) return [];
  return toSlices(withLineFeeds(text)).flatMap((slice) => {
    const parsed = parseSlice(slice.text);
    const outward = ({ path: inner }: WrittenPlace): WrittenPlace => ({
      path,
      within: moved(spanOf(parsed, { path: inner }), slice.start),
    });
    return patchedRoutersIn(parsed.value).map((router) => ({
      ...router,
      addresses: router.addresses.map((entry) => ({
        ...entry,
        path,
        place: outward(entry.place ?? { path: [...entry.path, 'ip'] }),
      })),
    }));
  });
}

/** The patches that a kustomization holds itself, and where. */
export function inlinePatches(
  kustomization: unknown,
): readonly { readonly text: string; readonly path: Path; readonly target?: unknown }[] {
  const inMaps = (['patches', 'patchesJson6902'] as const).flatMap((field) =>
    listAt(kustomization, field).flatMap((entry, index) => {
      const text = textAt(entry, 'patch');
      const target = at(entry, 'target');
      if (text === undefined) return [];
      return [{ text, path: [field, index, 'patch'], ...(target === undefined ? {} : { target }) }];
    }),
  );
  const inStrings = listAt(kustomization, 'patchesStrategicMerge').flatMap((entry, index) =>
    // Else it is the name of a file.
    typeof entry === 'string' && entry.includes('\n')
      ? [{ text: entry, path: ['patchesStrategicMerge', index] }]
      : [],
  );
  return [...inMaps, ...inStrings];
}

/** Of an operation of JSON 6902. @param path of its value */
function addressesOf(operation: unknown, path: Path): readonly AddressFact[] {
  const [op, pointer = ''] = [textAt(operation, 'op'), textAt(operation, 'path')];
  if (op !== 'add' && op !== 'replace') return [];
  const value = at(operation, 'value');
  if (pointer === '/spec' && isJsonObject(value))
    return readEntries(value['addresses']).map((entry) => moveTo(entry, [...path, 'addresses']));
  if (pointer === '/spec/addresses') return readEntries(value).map((entry) => moveTo(entry, path));
  const [found, ip] = /^\/spec\/addresses\/(?:-?[0-9]{1,3}|-)(\/ip)?$/.exec(pointer) ?? [];
  if (found === undefined) return [];
  return ip === undefined
    ? readEntries([value]).map((entry) => ({ ...entry, path }))
    : readEntries([{ ip: value }]).map((entry) => ({ ...entry, path, place: { path } }));
}

/** Paths lead from the list. */
function readEntries(addresses: unknown): readonly AddressFact[] {
  const router = { apiVersion: egressRouterApiVersion, kind: egressRouterKind, spec: { addresses } };
  return toRouterFacts(parseRouter(router).reading).addresses.map((entry) => ({
    ...entry,
    path: entry.path.slice(2),
  }));
}

function moveTo(entry: AddressFact, path: Path): AddressFact {
  return { ...entry, path: [...path, ...entry.path] };
}
