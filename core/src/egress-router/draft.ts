import { ipOf, parseCidr } from '#core/net/cidr.ts';
import type { Ip } from '#core/net/ip.ts';
import type { Path, Severity } from '#core/problem.ts';
import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';
import { candidateText, type Surroundings } from './candidates/candidate.ts';
import { candidatesFor } from './candidates/candidates.ts';
import { checkRouter } from './checks/checks.ts';
import { parseRouter, type RouterReading } from './parse.ts';
import { egressRouterApiVersion, egressRouterKind } from './wire.ts';

/** A router as a person tells it field by field: each text as typed, absent until it has been asked for. */
export interface RouterDraft {
  readonly name?: string;
  readonly namespace?: string;
  readonly ip?: string;
  readonly gateway?: string;
  readonly rules: readonly RuleDraft[];
  readonly fallbackIP?: string;
}

export interface RuleDraft {
  readonly port?: string;
  readonly protocol?: string;
  readonly destinationIP?: string;
  readonly targetPort?: string;
}

/** The manifest that a draft comes to. Whether it is a good one, `tellOfField` and the checks say. */
export function toManifest({ name, namespace, ip, gateway, rules, fallbackIP }: RouterDraft): JsonObject {
  const redirect = without({
    redirectRules: rules.length === 0 ? undefined : rules.map(toRule),
    fallbackIP,
  });
  return {
    apiVersion: egressRouterApiVersion,
    kind: egressRouterKind,
    metadata: without({ name, namespace }),
    spec: {
      mode: 'Redirect',
      networkInterface: { macvlan: { mode: 'Bridge' } },
      addresses: ip === undefined ? [] : [without({ ip, gateway })],
      redirect,
    },
  };
}

function toRule({ port, protocol, destinationIP, targetPort }: RuleDraft): JsonObject {
  return without({
    port: toNumber(port),
    protocol,
    destinationIP,
    targetPort: toNumber(targetPort),
  });
}

/** What is no number stays text, so that the checks name it. */
function toNumber(text: string | undefined): string | number | undefined {
  return text !== undefined && /^(0|[1-9]\d*)$/.test(text) ? Number(text) : text;
}

function without(fields: Readonly<Record<string, unknown>>): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
  );
}

/** What helps to fill in one field of a manifest that is still being written. */
export interface FieldHelp {
  /** Best first. An example only shows the form. */
  readonly offers: readonly { readonly text: string; readonly note: string; readonly isExample: boolean }[];
  /** The worst that is wrong with the field as it stands; what is missing elsewhere does not count. */
  readonly problem?: {
    readonly severity: Severity;
    readonly message: string;
    /** True where something else has the address: nobody means to go on with it by chance. */
    readonly isTaken?: true;
  };
}

export function helpWithField(path: Path, value: unknown, surroundings: Surroundings): FieldHelp {
  const { reading, problems } = parseRouter(value);
  const offers = candidatesFor(path, { value, reading }, surroundings).map((candidate) => ({
    text: candidateText(candidate),
    note: candidate.note,
    isExample: candidate.parts.some((part) => typeof part !== 'string'),
  }));
  const own = [...problems, ...checkRouter(reading)].filter((problem) => isWithin(problem.path, path));
  const worst = (['error', 'warning'] as const)
    .map((severity) => own.find((problem) => problem.severity === severity))
    .find((problem) => problem !== undefined);
  if (worst !== undefined) return { offers, problem: { severity: worst.severity, message: worst.message } };
  const holder = isAddress(path) ? holderOf(valueAt(value, path), reading, surroundings) : undefined;
  if (holder === undefined) return { offers };
  const message = `${holder} has this address. Take another one.`;
  return { offers, problem: { severity: 'warning', message, isTaken: true } };
}

function isWithin(path: Path, field: Path): boolean {
  return field.every((step, index) => path[index] === step);
}

function isAddress(path: Path): boolean {
  return path[1] === 'addresses' && path.at(-1) === 'ip';
}

/** Who has an address already, as far as workspace and cluster tell. */
function holderOf(
  text: unknown,
  { name, namespace }: RouterReading,
  { facts, cluster }: Surroundings,
): string | undefined {
  const cidr = parseCidr(typeof text === 'string' ? text : '');
  if (cidr === undefined) return undefined;
  const ip: Ip = ipOf(cidr);
  const isSelf = (other: { readonly name?: string; readonly namespace?: string }): boolean =>
    other.name === name && (other.namespace === namespace || namespace === undefined);
  const router = facts.find(
    (fact) =>
      fact.kind === 'router' && !isSelf(fact) && fact.addresses.some(({ address }) => ipOf(address) === ip),
  );
  if (router !== undefined) return `Router ${router.name ?? 'without a name'} of this workspace`;
  const live = cluster?.routers.find((one) => !isSelf(one) && one.addresses.includes(ip));
  if (live !== undefined) return `Router ${live.namespace}/${live.name} of the cluster`;
  const used = cluster?.usedAddresses.find((one) => one.ip === ip);
  return used === undefined ? undefined : capitalized(used.by);
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, step) => {
    if (Array.isArray(inner)) return typeof step === 'number' ? inner[step] : undefined;
    return isJsonObject(inner) && typeof step === 'string' ? inner[step] : undefined;
  }, value);
}
