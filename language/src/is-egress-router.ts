import { egressRouterApiVersion, egressRouterGroup, egressRouterKind } from '#core/egress-router/wire.ts';
import { macvlanAnnotation } from '#core/legacy/detect.ts';
import { cniType, nadKind } from '#core/manifest/names.ts';
import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';
import { nearestWord } from '#core/schema/nearest-word.ts';
import type { Parsed } from './yaml/parsed.ts';

/**
 * A text scan that costs next to nothing. False means that nothing in the text concerns an egress router. Any
 * Service may: one that misses its router by its selector need not have a word of it. A ConfigMap that does, has
 * one somewhere, be it in a name, or holds rules. Of what a thousand other manifests are, none is read.
 */
export function mayConcernEgressRouters(text: string): boolean {
  if (text.includes(egressRouterKind) && (text.includes(groupEnd) || ourKind.test(text))) return true;
  if (text.includes(egressRouterGroup) && likeOurKind.test(text)) return true;
  if (text.includes('egress') || text.includes('Egress') || text.includes('EGRESS')) {
    return legacyWords.test(text) || (text.includes(nadKind) && text.includes(cniType)) || besides.test(text);
  }
  return (
    (text.includes('Service') && service.test(text)) ||
    text.includes(macvlanAnnotation) ||
    (text.includes('ConfigMap') && legacyRule.test(text))
  );
}

/** What misspellings of the group have of it, too. */
const groupEnd = 'openshift.io';
const ourKind = /kind["']?[ \t]*:[ \t]*["']?EgressRouter\b/;
const likeOurKind = /kind["']?[ \t]*:[ \t]*["']?[a-z-]{0,12}r[a-z]{0,5}t/i;

/**
 * Whether a value was meant to be an EgressRouter, and its kind or its group is misspelled: then kubectl knows no such
 * kind. What may still be typed is not.
 */
export function isMisspelledEgressRouter(value: unknown): boolean {
  if (!isJsonObject(value)) return false;
  const { apiVersion, kind } = value;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return false;
  if (kind === egressRouterKind)
    return !(egressRouterApiVersion.startsWith(apiVersion) && isDraft(value)) && isLikeOurGroup(apiVersion);
  const isOurs = apiVersion.startsWith(`${egressRouterGroup}/`) && !egressRouterKind.startsWith(kind);
  return isOurs && nearestWord(kind.replaceAll('-', ''), [egressRouterKind]) !== undefined;
}

function isLikeOurGroup(apiVersion: string): boolean {
  const [group = ''] = apiVersion.split('/', 1);
  return otherGroups.has(group) || nearestWord(group, [egressRouterGroup]) !== undefined;
}

/** Of Kubernetes and OpenShift, in which there is no such kind. */
const otherGroups: ReadonlySet<string> = new Set([
  'v1',
  'apps',
  'k8s.cni.cncf.io',
  'k8s.ovn.org',
  'network.openshift.io',
  'networking.openshift.io',
  'operator.openshift.io',
  'network.operator.openshift',
]);

/** The images of OpenShift SDN; its environment does for one whose image is not known. */
const legacyWords = /egress-(?:router|http-proxy|dns-proxy)|EGRESS_|assign-macvlan/;
const besides = /kind["']?[ \t]*:[ \t]*["']?(?:Service|ConfigMap)\b/;
const service = /kind["']?[ \t]*:[ \t]*["']?Service\b/;
const legacyRule = /(?:^|\n|["'])[ \t]*[0-9]{1,5}[ \t]+(?:tcp|udp)[ \t]+[0-9]{1,3}\./i;

/**
 * True for a document that holds no more than the beginning of a manifest, and that of an EgressRouter if one
 * goes by what there is: `apiVersion` or `kind` is ours, and the other one is still to be written.
 */
export function mayBecomeEgressRouter({ value }: Parsed): boolean {
  if (!isJsonObject(value)) return false;
  const { apiVersion, kind } = value;
  if (!isDraft(value)) return false;
  const isOurVersion = typeof apiVersion === 'string' && apiVersion.startsWith(`${egressRouterGroup}/`);
  return (
    (isOurVersion && isBeginningOf(kind, egressRouterKind)) ||
    (kind === egressRouterKind && isBeginningOf(apiVersion, egressRouterGroup))
  );
}

/** It holds no more than the beginning of a manifest. */
function isDraft(value: JsonObject): boolean {
  return !Object.hasOwn(value, 'spec') && !Object.hasOwn(value, 'data');
}

function isBeginningOf(value: unknown, whole: string): boolean {
  return value === undefined || value === null || (typeof value === 'string' && whole.startsWith(value));
}

/** For text so broken that its keys cannot be had from the parser: it was meant to be an EgressRouter. */
export function looksLikeEgressRouter({ value, faults, text }: Parsed): boolean {
  if (faults.length === 0) return false;
  if (isJsonObject(value) && Object.hasOwn(value, 'apiVersion') && Object.hasOwn(value, 'kind')) return false;
  if (/^\uFEFF?\s*\{/.test(text)) return ourVersionInJson.test(text) && ourKindInJson.test(text);
  return (
    /^["']?apiVersion["']?[ \t]*:[ \t]*["']?network\.operator\.openshift\.io\//m.test(text) &&
    /^["']?kind["']?[ \t]*:[ \t]*["']?EgressRouter["']?[ \t]*(#.*)?\r?$/m.test(text)
  );
}

const ourVersionInJson = /"apiVersion"\s*:\s*"network\.operator\.openshift\.io\//;
const ourKindInJson = /"kind"\s*:\s*"EgressRouter"/;
