import { type Ip, parseIp } from '#core/net/ip.ts';
import type { LegacyFacts } from '#core/relations/facts.ts';
import type { LegacyReading } from './parse.ts';
import type { Setting } from './setting.ts';

/** What other objects have to agree with. Paths count from the object. */
export function legacyFactsOf({ name, namespace, labels, containers }: LegacyReading): LegacyFacts {
  const settings = containers.flatMap(({ mode, source, gateway, destination, httpProxy, dnsProxy }) => [
    { setting: destination, isDestination: true as const },
    ...[mode, source, gateway, httpProxy, dnsProxy].map((setting) => ({ setting })),
  ]);
  return {
    kind: 'legacy',
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
    labels,
    addresses: containers.flatMap(({ source, gateway }) => [...addressIn(source), ...addressIn(gateway)]),
    configMaps: settings.flatMap(({ setting, ...role }) => {
      if (setting.kind !== 'config-map' || setting.reference.isWhole !== undefined) return [];
      const { name, key, path } = setting.reference;
      return [{ name, key, path, ...role }];
    }),
  };
}

function addressIn(setting: Setting): readonly Ip[] {
  const ip = setting.kind === 'text' ? parseIp(setting.text.trim().split('/', 1)[0] ?? '') : undefined;
  return ip === undefined ? [] : [ip];
}
