import { egressRouterGroup, egressRouterKind } from '#core/egress-router/wire.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import type { Parsed } from './parsed.ts';

/** A text scan that costs next to nothing. False means that nothing in the text concerns an egress router. */
export function mayConcernEgressRouters(text: string): boolean {
  return text.includes(egressRouterKind) && text.includes(egressRouterGroup);
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

/** For text so broken that its keys cannot be had from the parser: it was meant to be an EgressRouter. */
export function looksLikeEgressRouter({ value, faults, text }: Parsed): boolean {
  if (faults.length === 0) return false;
  if (isJsonObject(value) && Object.hasOwn(value, 'apiVersion') && Object.hasOwn(value, 'kind')) return false;
  return (
    /^["']?apiVersion["']?[ \t]*:[ \t]*["']?network\.operator\.openshift\.io\//m.test(text) &&
    /^["']?kind["']?[ \t]*:[ \t]*["']?EgressRouter["']?[ \t]*(#.*)?\r?$/m.test(text)
  );
}
