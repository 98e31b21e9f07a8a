import { isEgressRouter as claimsToBeEgressRouter } from '#core/egress-router/parse.ts';
import { egressRouterGroup, egressRouterKind } from '#core/egress-router/wire.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import type { Parsed } from './parsed.ts';

/** A text scan that costs next to nothing. False means there is certainly no EgressRouter in the text. */
export function mayHoldEgressRouter(text: string): boolean {
  return text.includes(egressRouterKind) && text.includes(egressRouterGroup);
}

/** True for a manifest of kind EgressRouter in any version of its group, broken or not; nothing else is ours. */
export function isEgressRouter({ value, faults, text }: Parsed): boolean {
  return claimsToBeEgressRouter(value) || (faults.length > 0 && looksLikeEgressRouter(value, text));
}

/**
 * True for a document that holds no more than the beginning of a manifest, and that of an EgressRouter if one
 * goes by what there is: `apiVersion` or `kind` is ours, and the other one is still to be written.
 */
export function mayBecomeEgressRouter({ value }: Parsed): boolean {
  if (!isJsonObject(value)) return false;
  const { apiVersion, kind } = value;
  if (Object.keys(value).some((key) => key === 'spec' || key === 'data')) return false;
  const isOurVersion = typeof apiVersion === 'string' && apiVersion.startsWith(`${egressRouterGroup}/`);
  return (
    (isOurVersion && isBeginningOf(kind, egressRouterKind)) ||
    (kind === egressRouterKind && isBeginningOf(apiVersion, egressRouterGroup))
  );
}

function isBeginningOf(value: unknown, whole: string): boolean {
  return value === undefined || value === null || (typeof value === 'string' && whole.startsWith(value));
}

/** For text so broken that its keys cannot be had from the parser. */
function looksLikeEgressRouter(value: unknown, text: string): boolean {
  if (isJsonObject(value) && Object.hasOwn(value, 'apiVersion') && Object.hasOwn(value, 'kind')) return false;
  return (
    /^["']?apiVersion["']?[ \t]*:[ \t]*["']?network\.operator\.openshift\.io\//m.test(text) &&
    /^["']?kind["']?[ \t]*:[ \t]*["']?EgressRouter["']?[ \t]*(#.*)?\r?$/m.test(text)
  );
}
