import { egressRouterKind } from '#core/egress-router/wire.ts';
import { textAt } from '#core/json-value.ts';
import type { RouterFacts } from '#core/relations/facts.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import { isKustomization } from './kustomization.ts';
import type { Given, Kustomizations } from './kustomizations.ts';
import {
  inlinePatches,
  type PatchedRouter,
  patchedRoutersIn,
  patchedRoutersInText,
} from './patched-addresses.ts';

/** The addresses that a document of a patch, or of a kustomization that holds patches, gives to routers. */
export function patchFacts(
  kustomizations: Kustomizations,
  uri: string,
  value: unknown,
): readonly RouterFacts[] {
  const found = isKustomization(uri)
    ? inlinePatches(value).flatMap(({ text, path, target }) =>
        patchedRoutersInText(text, path).flatMap((router) =>
          meant(router, { target, ...kustomizations.builtInto(uri) }),
        ),
      )
    : patchedRoutersIn(value).flatMap((router) =>
        kustomizations.givenAs(uri).flatMap((given) => meant(router, given)),
      );
  const byName = new Map<string | undefined, PatchedRouter[]>();
  for (const one of found) byName.set(one.name, [...(byName.get(one.name) ?? []), one]);
  return [...byName].map(([name, routers]) => ({
    kind: 'router',
    ...(name === undefined ? {} : { name }),
    ...onlyNamespace(routers),
    addresses: withoutRepeats(routers.flatMap(({ addresses }) => addresses)),
    rules: [],
    macvlan: { mode: 'Bridge' },
    isWhole: false,
    isPatch: true,
  }));
}

/** None where the patch is meant for objects of another kind. */
function meant(router: PatchedRouter, { target, namespace }: Given): readonly PatchedRouter[] {
  const kind = textAt(target, 'kind');
  if (kind !== undefined && kind !== egressRouterKind) return [];
  const name = target === undefined ? router.name : nameIn(target);
  const placed = namespace ?? textAt(target, 'namespace') ?? router.namespace;
  const { addresses } = router;
  return [
    {
      ...(name === undefined ? {} : { name }),
      ...(placed === undefined ? {} : { namespace: placed }),
      addresses,
    },
  ];
}

/** A target may select several objects by an expression, or by labels: then it is not known which. */
export function nameIn(target: unknown): string | undefined {
  const name = textAt(target, 'name');
  const isOne = isJsonObject(target) && !('labelSelector' in target) && !('annotationSelector' in target);
  return isOne && name !== undefined && /^[a-z0-9.-]+$/.test(name) ? name : undefined;
}

function onlyNamespace(routers: readonly PatchedRouter[]): { readonly namespace?: string } {
  const [namespace, ...others] = new Set(routers.map((router) => router.namespace));
  return namespace === undefined || others.length > 0 ? {} : { namespace };
}

function withoutRepeats(addresses: RouterFacts['addresses']): RouterFacts['addresses'] {
  return [...new Map(addresses.map((entry) => [JSON.stringify(entry), entry])).values()];
}
