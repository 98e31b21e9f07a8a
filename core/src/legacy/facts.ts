import type { LegacyFacts } from '#core/relations/facts.ts';
import type { LegacyReading } from './parse.ts';

/** What other objects have to agree with. Paths count from the object. */
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
