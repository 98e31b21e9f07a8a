import { pathOf, qualifiedPlural, type ResourceKind } from './kinds.ts';

/** One call of the Kubernetes API. */
export interface ApiRequest {
  readonly verb: Verb;
  readonly kind: ResourceKind;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly subresource?: string | undefined;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Absent: `application/json`. */
  readonly contentType?: string;
  readonly signal: AbortSignal;
}

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'apply' | 'delete';

export const methods = {
  get: 'GET',
  list: 'GET',
  watch: 'GET',
  create: 'POST',
  update: 'PUT',
  patch: 'PATCH',
  apply: 'PATCH',
  delete: 'DELETE',
} as const satisfies Record<Verb, string>;

/** Path and query, without the server. */
export function targetOf(request: ApiRequest): string {
  const query = new URLSearchParams(request.query);
  if (request.verb === 'watch') query.set('watch', 'true');
  const search = query.toString();
  return pathOf(request.kind, request) + (search === '' ? '' : `?${search}`);
}

/** `apply EgressRouter demo/egress-a`, `list egressrouters in namespace demo`: for sentences. */
export function describe(request: ApiRequest): string {
  const { verb, kind, namespace, name, subresource } = request;
  if (name === undefined) {
    return `${verb} ${kind.plural}${namespace === undefined ? '' : ` in namespace ${namespace}`}`;
  }
  const object = namespace === undefined ? name : `${namespace}/${name}`;
  return `${verb} ${kind.kind} ${object}${subresource === undefined ? '' : ` (${subresource})`}`;
}

/** True where an object is another one afterwards; creating is not among these, which here only asks. */
export function changesObject({ verb, query }: ApiRequest): boolean {
  return ['update', 'patch', 'apply', 'delete'].includes(verb) && query?.['dryRun'] === undefined;
}

/** What RBAC calls the permission: `patch egressrouters.network.operator.openshift.io`. */
export function permission(request: ApiRequest): string {
  const resource = qualifiedPlural(request.kind);
  const verb = request.verb === 'apply' ? 'patch' : request.verb;
  return `${verb} ${resource}${request.subresource === undefined ? '' : `/${request.subresource}`}`;
}
