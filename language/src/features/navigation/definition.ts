import type { Path } from '#core/problem.ts';
import type {
  ConfigMapFacts,
  ConfigMapKeyFact,
  LegacyFacts,
  RouterFacts,
  RuleFact,
  ServiceFacts,
} from '#core/relations/facts.ts';
import {
  areTogether,
  cursorAt,
  isKind,
  isSame,
  legaciesOf,
  type NamedFile,
  type Placed,
  type PlaceInFile,
  placeIn,
  type RelatedObjects,
  relatedObjects,
  routersOf,
  servicesOf,
} from './related-objects.ts';

/**
 * Where the thing under the cursor is defined: the router that a Service or NAD is for, its rule for a port of
 * the Service, the key of the ConfigMap that a router of OpenShift SDN reads.
 */
export function definitionsAt(
  files: readonly NamedFile[],
  at: NamedFile,
  offset: number,
): readonly PlaceInFile[] {
  const cursor = cursorAt(at, offset);
  if (cursor === undefined) return [];
  return definitionsOf(cursor.self, cursor.path, relatedObjects(files));
}

/** The same for a path in an object. */
export function definitionsOf(self: Placed, path: Path, objects: RelatedObjects): readonly PlaceInFile[] {
  if (isKind('service')(self)) return serviceTargets(self, path, objects);
  if (isKind('nad')(self)) return routersOf(self, objects).map(nameOf);
  if (isKind('legacy')(self)) {
    const reference = referenceAt(self, path);
    return reference === undefined
      ? ownName(self, path)
      : configMapsOf(self, reference, objects).map((one) =>
          reference.isWhole === true ? nameOf(one) : dataKey(one, reference.key),
        );
  }
  return ownName(self, path);
}

/** Where that is used which the cursor stands on, or which what it stands on is for. */
export function referencesAt(
  files: readonly NamedFile[],
  at: NamedFile,
  offset: number,
  options: { readonly withDefinition: boolean },
): readonly PlaceInFile[] {
  const cursor = cursorAt(at, offset);
  if (cursor === undefined) return [];
  const { self, path } = cursor;
  const objects = relatedObjects(files);
  const own = (places: readonly PlaceInFile[]): readonly PlaceInFile[] =>
    options.withDefinition ? places : [];
  const rule = isKind('router')(self) ? ruleAt(self, path) : undefined;
  if (isKind('router')(self) && rule !== undefined) {
    const ports = servicesOf(self, objects).flatMap((service) => portsFor(service, rule));
    return [...own([placeIn(self, [...rule.path, 'port'])]), ...ports];
  }
  const routers = routersMeantBy(self, objects);
  if (routers.length > 0) {
    return routers.flatMap((router) => [...own([nameOf(router)]), ...usesOfRouter(router, objects)]);
  }
  return configMapsMeantBy(self, path, objects).flatMap(({ configMap, key }) => [
    ...own([key === undefined ? nameOf(configMap) : dataKey(configMap, key)]),
    ...usesOfConfigMap(configMap, key, objects),
  ]);
}

function routersMeantBy(self: Placed, objects: RelatedObjects): readonly Placed<RouterFacts>[] {
  if (isKind('router')(self)) return [self];
  return isKind('service')(self) || isKind('nad')(self) ? routersOf(self, objects) : [];
}

function usesOfRouter(router: Placed<RouterFacts>, objects: RelatedObjects): readonly PlaceInFile[] {
  const services = servicesOf(router, objects).flatMap((service) => [
    ...(service.facts.name === router.facts.name ? [nameOf(service)] : []),
    ...Object.keys(service.facts.selector ?? {}).map((key) => placeIn(service, ['spec', 'selector', key])),
  ]);
  const nads = objects
    .together(router)
    .filter(isKind('nad'))
    .filter((nad) => routersOf(nad, objects).some((one) => isSame(one, router)));
  return [...services, ...nads.map(nameOf)];
}

function serviceTargets(
  service: Placed<ServiceFacts>,
  path: Path,
  objects: RelatedObjects,
): readonly PlaceInFile[] {
  const routers = routersOf(service, objects);
  const [, field, index] = path;
  const port =
    field === 'ports'
      ? service.facts.ports.find((one) => one.path.join('/') === path.slice(0, 3).join('/'))
      : undefined;
  if (port === undefined || typeof index !== 'number') {
    return [...routers, ...legaciesOf(service, objects)].map(nameOf);
  }
  return routers.flatMap((router) =>
    router.facts.rules
      .filter((rule) => isReachedBy(rule, port))
      .map((rule) => placeIn(router, [...rule.path, 'port'])),
  );
}

function isReachedBy(rule: RuleFact, port: ServiceFacts['ports'][number]): boolean {
  return rule.port === (port.targetPort ?? port.port) && rule.protocol === port.protocol;
}

function portsFor(service: Placed<ServiceFacts>, rule: RuleFact): readonly PlaceInFile[] {
  return service.facts.ports
    .filter((port) => isReachedBy(rule, port))
    .map((port) => placeIn(service, [...port.path, port.targetPort === undefined ? 'port' : 'targetPort']));
}

function ruleAt({ facts }: Placed<RouterFacts>, path: Path): RuleFact | undefined {
  return facts.rules.find((rule) => rule.path.every((step, index) => step === path[index]));
}

function referenceAt({ facts }: Placed<LegacyFacts>, path: Path): ConfigMapKeyFact | undefined {
  return facts.configMaps.find((one) => one.path.every((step, index) => step === path[index]));
}

function configMapsOf(
  legacy: Placed<LegacyFacts>,
  { name }: ConfigMapKeyFact,
  objects: RelatedObjects,
): readonly Placed<ConfigMapFacts>[] {
  return objects.all
    .filter(isKind('configMap'))
    .filter((one) => one.facts.name === name && mayBeTogether(legacy, one));
}

/** ConfigMaps are often written without a namespace: they are looked for wherever they may be. */
function mayBeTogether(one: Placed, other: Placed): boolean {
  return areTogether(one, other) || one.facts.namespace === undefined || other.facts.namespace === undefined;
}

function configMapsMeantBy(
  self: Placed,
  path: Path,
  objects: RelatedObjects,
): readonly { readonly configMap: Placed<ConfigMapFacts>; readonly key?: string }[] {
  if (isKind('configMap')(self)) {
    const [field, key] = path;
    return [{ configMap: self, ...(field === 'data' && typeof key === 'string' ? { key } : {}) }];
  }
  const reference = isKind('legacy')(self) ? referenceAt(self, path) : undefined;
  if (!isKind('legacy')(self) || reference === undefined) return [];
  return configMapsOf(self, reference, objects).map((configMap) => ({ configMap, key: reference.key }));
}

function usesOfConfigMap(
  configMap: Placed<ConfigMapFacts>,
  key: string | undefined,
  objects: RelatedObjects,
): readonly PlaceInFile[] {
  return objects.all.filter(isKind('legacy')).flatMap((legacy) =>
    mayBeTogether(legacy, configMap)
      ? legacy.facts.configMaps
          .filter((one) => one.name === configMap.facts.name && (key === undefined || one.key === key))
          .map((one) => [...one.path, key === undefined || one.isWhole === true ? 'name' : 'key'])
          .filter(isFirstOfItsKind)
          .map((path) => placeIn(legacy, path))
      : [],
  );
}

/** Of a ConfigMap of which all keys are taken over, each key is told. */
function isFirstOfItsKind(path: Path, index: number, all: readonly Path[]): boolean {
  return all.findIndex((one) => one.join('/') === path.join('/')) === index;
}

function nameOf(placed: Placed): PlaceInFile {
  return placeIn(placed, ['metadata', 'name']);
}

function dataKey(configMap: Placed<ConfigMapFacts>, key: string): PlaceInFile {
  return configMap.facts.keys.includes(key) ? placeIn(configMap, ['data', key], 'key') : nameOf(configMap);
}

/** A name is its own definition: an editor then shows where it is used. */
function ownName(self: Placed, path: Path): readonly PlaceInFile[] {
  return path.join('.') === 'metadata.name' ? [nameOf(self)] : [];
}
