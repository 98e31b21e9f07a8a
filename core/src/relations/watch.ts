import { ipOf } from '#core/net/cidr.ts';
import type { Ip } from '#core/net/ip.ts';
import type { DocumentId } from '#core/problem.ts';
import type { AddressOwners } from './address-owners.ts';
import type {
  ConfigMapFacts,
  Facts,
  Known,
  LegacyFacts,
  NadFacts,
  RouterFacts,
  ServiceFacts,
} from './facts.ts';
import { placeOfAddress } from './places.ts';
import { isConfigMap, isLegacy, isPatch, isRouter, isService, type Scopes } from './scopes.ts';

/** How the facts of one document change. */
export interface Change {
  readonly previous: readonly Known[];
  readonly next: readonly Known[];
  /** Those of either side that the other side does not have. */
  readonly different: readonly Known[];
}

export function toChange(previous: readonly Known[], next: readonly Known[]): Change {
  const all = [...previous, ...next];
  if (previous.length === 0 || next.length === 0) return { previous, next, different: all };
  const [before, after] = [previous, next].map((side) => new Set(side.map(textOf)));
  return {
    previous,
    next,
    different: all.filter((known) => !(before?.has(textOf(known)) && after?.has(textOf(known)))),
  };
}

export function addressesOf({ facts }: Known<RouterFacts>): ReadonlySet<Ip> {
  return new Set(facts.addresses.map(({ address }) => ipOf(address)));
}

interface Lookups {
  routerFor(known: Known<ServiceFacts | NadFacts>): Known<RouterFacts> | undefined;
  legacyFor(service: Known<ServiceFacts>): Known<LegacyFacts> | undefined;
  servicesFor(router: Known<RouterFacts>): readonly Known<ServiceFacts>[];
  readersOf(configMapName: string): readonly Known<LegacyFacts>[];
  configMapsNamed(name: string): readonly Known<ConfigMapFacts>[];
}

/**
 * Looks at what other documents may be told of before a change is made. Called after the change, what it
 * returns tells which of them may be told something else now.
 */
export function watchChange(
  change: Change,
  lookups: Lookups,
  scopes: Scopes,
  owners: ReadonlyMap<Ip, AddressOwners>,
): () => Set<DocumentId> {
  const headsBefore = new Map(
    change.different
      .filter(isRouter)
      .flatMap((router) => [...addressesOf(router)].map((ip) => [ip, owners.get(ip)?.heads] as const)),
  );
  const { previous, next, different } = withoutPatches(change);
  const routers = different.filter(isRouter);
  const firstBefore = routers.map((router) => scopes.firstBeside(router));
  const besideBefore = routers.map((router) => scopes.headsBeside(router));
  const namesakeBefore = routers.map((router) => scopes.firstNamesake(router));
  const watched = watchedServices({ previous, next, different }, scopes);
  const meantBefore = watched.map((one) => meantFor(one, lookups));
  const ownBefore = previous.filter(isService).map((service) => lookups.routerFor(service));

  return () => {
    const affected = new Set<DocumentId>();
    const add = (documents: readonly (Known | undefined)[]): void => {
      for (const known of documents) if (known !== undefined) affected.add(known.document);
    };
    for (const [ip, before] of headsBefore) {
      const now = owners.get(ip);
      const isSame = [0, 1].every((at) => isSameHead(before?.[at], now?.heads[at], ip));
      if (now !== undefined && !isSame) add(now.all);
    }
    for (const [index, router] of routers.entries()) {
      if (!isSameHead(firstBefore[index], scopes.firstBeside(router))) {
        add(scopes.widest(router)?.routers.all ?? []);
      }
      const beside = scopes.headsBeside(router);
      if (![0, 1].every((at) => isSameHead(besideBefore[index]?.[at], beside[at]))) {
        for (const one of scopes.widest(router)?.routers.all ?? []) add(lookups.servicesFor(one));
      }
      if (!isSameHead(namesakeBefore[index], scopes.firstNamesake(router))) {
        add(scopes.namesakes(router));
      }
    }
    for (const [index, one] of watched.entries()) {
      const before = meantBefore[index];
      const now = meantFor(one, lookups);
      if (before?.router === now.router && before?.legacy === now.legacy) continue;
      add([one, before?.router, now.router]);
    }
    add(ownBefore);
    add(next.filter(isService).map((service) => lookups.routerFor(service)));
    for (const { facts } of different.filter(isConfigMap)) {
      if (facts.name !== undefined) add(lookups.readersOf(facts.name));
    }
    for (const { facts } of different.filter(isLegacy)) {
      for (const { name } of facts.configMaps) add(lookups.configMapsNamed(name));
    }
    return affected;
  };
}

function withoutPatches({ previous, next, different }: Change): Change {
  const areWhole = (side: readonly Known[]): readonly Known[] => side.filter((known) => !isPatch(known));
  return { previous: areWhole(previous), next: areWhole(next), different: areWhole(different) };
}

/** Services and NADs of which a router or legacy router that changes may decide for whom they are meant. */
function watchedServices(
  { previous, next, different }: Change,
  scopes: Scopes,
): readonly Known<ServiceFacts | NadFacts>[] {
  const watched = new Set<Known<ServiceFacts | NadFacts>>(
    scopes.regrouped(previous, next).flatMap(({ services, nads }) => [...services.all, ...nads.all]),
  );
  for (const known of different) {
    const kind = isRouter(known) ? 'routers' : isLegacy(known) ? 'legacies' : undefined;
    if (kind === undefined) continue;
    const going = previous.filter(({ facts }) => facts.kind === known.facts.kind).length;
    for (const scope of scopes.of(known)) {
      // Of many, each is met by its name; the only one, or the last one left, by everything.
      const isMany = scope[kind].all.length - going > 1;
      const services = isMany ? scope.services.named(known.facts.name) : scope.services.all;
      const nads = isMany ? scope.nads.named(known.facts.name) : scope.nads.all;
      for (const one of [...services, ...nads]) watched.add(one);
    }
  }
  return [...watched];
}

interface Meant {
  readonly router: Known<RouterFacts> | undefined;
  readonly legacy: Known<LegacyFacts> | undefined;
}

function meantFor(known: Known<ServiceFacts | NadFacts>, lookups: Lookups): Meant {
  return {
    router: lookups.routerFor(known),
    legacy: isService(known) ? lookups.legacyFor(known) : undefined,
  };
}

/** Whether others would be told the same of it. */
function isSameHead(
  before: Known<RouterFacts> | undefined,
  now: Known<RouterFacts> | undefined,
  ip?: Ip,
): boolean {
  if (before === now) return true;
  if (before === undefined || now === undefined) return false;
  return (
    before.document === now.document &&
    before.facts.name === now.facts.name &&
    before.facts.namespace === now.facts.namespace &&
    before.root.join('/') === now.root.join('/') &&
    (ip === undefined || placeOf(before, ip) === placeOf(now, ip))
  );
}

function placeOf({ facts }: Known<RouterFacts>, ip: Ip): string | undefined {
  const entry = facts.addresses.find(({ address }) => ipOf(address) === ip);
  return entry === undefined ? undefined : JSON.stringify(placeOfAddress(entry));
}

function textOf({ root, facts }: Known): string {
  return JSON.stringify([root, facts satisfies Facts]);
}
