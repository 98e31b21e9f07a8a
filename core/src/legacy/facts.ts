import type { Path } from '#core/problem.ts';
import type { LegacyReading } from './parse.ts';

/** What other objects have to agree with. Paths count from the object. */
export interface LegacyFacts {
  readonly kind: 'legacy';
  readonly name?: string;
  readonly namespace?: string;
  /** Of the pods, by which a Service selects them. */
  readonly labels: Readonly<Record<string, string>>;
  /** The keys that the router's variables name; `path` is that of the `configMapKeyRef`. */
  readonly configMaps: readonly { readonly name: string; readonly key: string; readonly path: Path }[];
}

export function legacyFactsOf({ name, namespace, labels, containers }: LegacyReading): LegacyFacts {
  const settings = containers.flatMap(({ mode, source, gateway, destination, httpProxy, dnsProxy }) => [
    mode,
    source,
    gateway,
    destination,
    httpProxy,
    dnsProxy,
  ]);
  return {
    kind: 'legacy',
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
    labels,
    configMaps: settings.flatMap((setting) =>
      setting.kind === 'config-map' && setting.reference.isWhole === undefined
        ? [{ name: setting.reference.name, key: setting.reference.key, path: setting.reference.path }]
        : [],
    ),
  };
}
