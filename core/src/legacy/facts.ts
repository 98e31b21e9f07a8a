import { type Ip, parseIp } from '#core/net/ip.ts';
import type { ConfigMapKeyFact, LegacyFacts } from '#core/relations/facts.ts';
import type { LegacyContainer, LegacyReading } from './parse.ts';
import type { ConfigMapReference, Setting } from './setting.ts';

/** What other objects have to agree with. Paths count from the object. */
export function legacyFactsOf({ name, namespace, labels, containers, router }: LegacyReading): LegacyFacts {
  return {
    kind: 'legacy',
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
    labels,
    addresses: containers.flatMap(({ source, gateway }) => [...addressIn(source), ...addressIn(gateway)]),
    ...(router?.source.kind === 'text' ? { source: router.source.text } : {}),
    configMaps: containers.flatMap((container) => configMapKeysOf(container, container === router)),
  };
}

/** @param isRouter of other containers it is not known what they take over from a whole ConfigMap */
function configMapKeysOf(container: LegacyContainer, isRouter: boolean): readonly ConfigMapKeyFact[] {
  const { mode, source, gateway, destination, httpProxy, dnsProxy } = container;
  const settings: readonly { readonly setting: Setting; readonly role?: ConfigMapKeyFact['role'] }[] = [
    { setting: destination, role: 'destination' },
    { setting: source, role: 'source' },
    { setting: gateway, role: 'gateway' },
    ...[mode, httpProxy, dnsProxy].map((setting) => ({ setting })),
  ];
  return settings.flatMap(({ setting, role }) =>
    referencesOf(setting).flatMap((reference) => {
      const { isWhole } = reference;
      if (isWhole === true && !(isRouter && role !== undefined)) return [];
      const isOneOfMany = setting.kind === 'elsewhere' ? ({ isOneOfMany: true } as const) : {};
      return [{ ...reference, ...(role === undefined ? {} : { role }), ...isOneOfMany }];
    }),
  );
}

function referencesOf(setting: Setting): readonly ConfigMapReference[] {
  if (setting.kind === 'config-map') return [setting.reference];
  return setting.kind === 'elsewhere' ? (setting.references ?? []) : [];
}

function addressIn(setting: Setting): readonly Ip[] {
  const ip = setting.kind === 'text' ? parseIp(setting.text.trim().split('/', 1)[0] ?? '') : undefined;
  return ip === undefined ? [] : [ip];
}
