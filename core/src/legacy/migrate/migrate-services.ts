import type { EgressRouter } from '#core/egress-router/model.ts';
import { toService } from '#core/manifest/service.ts';
import type { JsonObject } from '#core/schema/json-schema.ts';
import type { LegacyReading } from '../parse.ts';
import type { Loss } from './losses.ts';
import { migrateService, type Selector } from './migrate-service.ts';
import { mayShareNamespace, type ServiceLike, type Surroundings } from './surroundings.ts';

export interface MigratedServices {
  readonly objects: readonly JsonObject[];
  readonly losses: readonly Loss[];
  readonly questions: readonly Loss[];
  readonly steps: readonly string[];
  /** Of their Template, those that stood in them. */
  readonly parameters: readonly string[];
}

/**
 * Every Service that leads to the old pods leads to the new ones. Where there is none, one is made: routers are
 * hardly ever reached without.
 */
export function migrateServices(
  legacy: LegacyReading,
  router: EgressRouter,
  { services }: Surroundings,
  selector: Selector,
): MigratedServices {
  const near = services.filter((service) => mayShareNamespace(service, legacy));
  const selecting = near.filter((service) => selects(service, legacy.labels));
  const namesake = selecting.length > 0 ? undefined : near.find(({ name }) => name === router.name);
  const found = namesake === undefined ? selecting : [namesake];
  if (found.length === 0) return madeService(router, selector);
  const migrated = found.map((service) => migrateService(service, router, legacy, selector));
  return {
    objects: migrated.map(({ service }) => service),
    losses: migrated.flatMap(({ remarks }) => remarks.map((message) => ({ path: [], message }))),
    questions: namesake === undefined ? [] : [{ path: [], message: mismatch(namesake, legacy) }],
    steps: [],
    parameters: found.flatMap(({ parameters = [] }) => parameters),
  };
}

/** Whether a Service leads to pods with these labels. */
export function selects(
  { selector }: Pick<ServiceLike, 'selector'>,
  labels: Readonly<Record<string, string>>,
): boolean {
  const entries = Object.entries(selector);
  return entries.length > 0 && entries.every(([key, value]) => labels[key] === value);
}

function madeService(router: EgressRouter, selector: Selector): MigratedServices {
  const nothing = { losses: [], questions: [], parameters: [] };
  if (router.rules.length === 0) {
    const step = `No Service leads to the old pods, and without rules it is not known which ports clients use: make one with "egress-router expose ${router.name}".`;
    return { objects: [], ...nothing, steps: [step] };
  }
  const step = `No Service leads to the old pods. Service "${router.name}" is new: have clients connect to it.`;
  const made = toService(router);
  return { objects: [{ ...made, spec: { ...made.spec, selector } }], ...nothing, steps: [step] };
}

function mismatch({ name, selector }: ServiceLike, { labels }: LegacyReading): string {
  const text = (words: Readonly<Record<string, string>>): string =>
    Object.entries(words)
      .map(([key, value]) => `${key}=${value}`)
      .join(', ') || 'nothing';
  return `Service "${name}" selects ${text(selector)}, which the old pods (${text(labels)}) do not match; it was taken for theirs by its name.`;
}
