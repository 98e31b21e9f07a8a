import { egressRouterKind } from '#core/egress-router/wire.ts';
import { listAt, parseJson, textAt } from '#core/json-value.ts';
import type { Failure, FieldConflict } from './errors.ts';
import { type ApiRequest, describe, permission } from './request.ts';

/**
 * What an answer other than 2xx means. `body` is the text as received: mostly a `Status` object, but proxies and
 * unknown paths answer with anything.
 */
export function httpFailure(request: ApiRequest, status: number, body: string): Failure {
  const said = readStatus(body);
  const cannot = `Cannot ${describe(request)}`;
  switch (status) {
    case 401:
      return {
        reason: 'unauthorized',
        message: `${cannot}: 401. The login is missing, wrong or has expired. Log in to the cluster again, then try again.`,
      };
    case 403:
      if (said.causes.some((cause) => textAt(cause, 'reason') === 'NamespaceTerminating')) {
        return {
          reason: 'terminating',
          message: `${cannot}: namespace "${request.namespace}" is being deleted and takes nothing new. Wait until it is gone, or use another one.`,
        };
      }
      return { reason: 'forbidden', message: `${cannot}: 403. ${lack(request, said)}` };
    case 404:
      return notFound(request, said, cannot);
    case 409:
      return conflict(said, cannot);
    case 410:
      return {
        reason: 'expired',
        message: `${cannot}: 410. The version to continue from is no longer kept. Refresh.`,
      };
    case 400:
    case 422:
      return {
        reason: 'invalid',
        message: `${cannot}: the API server refused it. ${said.message ?? `It answered ${status}.`}`,
      };
    case 429:
      return {
        reason: 'throttled',
        message: `${cannot}: 429. The API server asks for fewer requests. Try again in a moment.`,
      };
    default:
      return {
        reason: status === 504 ? 'timed-out' : 'server-error',
        message: `${cannot}: the API server answered ${status}. ${said.message ?? (firstLine(body) || 'Try again in a moment.')}`,
      };
  }
}

interface Said {
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly kind?: string | undefined;
  readonly name?: string | undefined;
  readonly causes: readonly unknown[];
}

function lack(request: ApiRequest, said: Said): string {
  // RBAC's own words name the right, which is not always that of the request: an apply may have to create.
  const [, verb, resource, group] =
    / cannot ([a-z]+) resource "([^"]+)"(?: in API group "([^"]*)")?/.exec(said.message ?? '') ?? [];
  // An admission plugin or webhook answers 403, too.
  if (verb === undefined && said.message !== undefined) return said.message;
  const right = verb === undefined ? permission(request) : `${verb} ${resource}${group ? `.${group}` : ''}`;
  const where = request.namespace === undefined ? 'cluster-wide' : `in namespace ${request.namespace}`;
  return `You lack "${right}" ${where}. Ask for a role that grants it, or switch context.`;
}

function notFound(request: ApiRequest, said: Said, cannot: string): Failure {
  if (said.kind === 'namespaces' && request.kind.plural !== 'namespaces') {
    return {
      reason: 'not-found',
      message: `${cannot}: namespace "${said.name ?? request.namespace}" does not exist. Create it first.`,
    };
  }
  // A path that the API server does not serve at all is answered without the name of an object.
  if (said.name === undefined || said.name === '') {
    return {
      reason: 'crd-missing',
      message:
        `${cannot}: this cluster does not serve ${request.kind.kind} (${request.kind.apiVersion}). ` +
        (request.kind.kind === egressRouterKind
          ? 'OKD and OpenShift bring it with their network operator. Elsewhere install the agent: egress-router install. Or switch to a cluster that has it.'
          : 'Install its CustomResourceDefinition, or switch to a cluster that has it.'),
    };
  }
  const where = request.namespace === undefined ? '' : ', or stand in another namespace';
  return { reason: 'not-found', message: `${cannot}: it does not exist. It may have been deleted${where}.` };
}

function conflict(said: Said, cannot: string): Failure {
  const conflicts = said.causes.flatMap(toFieldConflict);
  if (conflicts.length > 0) {
    const fields = conflicts.map(({ field, manager }) => `${field} ("${manager}")`).join(', ');
    return {
      reason: 'conflict',
      message: `${cannot}: others manage ${fields}. Agree on one owner, or apply with force to take over.`,
      conflicts,
    };
  }
  if (said.reason === 'AlreadyExists') {
    return { reason: 'already-exists', message: `${cannot}: it exists already.` };
  }
  return {
    reason: 'conflict',
    message: `${cannot}: 409. ${said.message ?? 'It changed meanwhile; try again.'}`,
  };
}

/** The API server writes `conflict with "kubectl" using apps/v1`, or `with "a" with subresource "status"`. */
function toFieldConflict(cause: unknown): FieldConflict[] {
  const field = textAt(cause, 'field');
  if (textAt(cause, 'reason') !== 'FieldManagerConflict' || field === undefined) return [];
  const manager = /conflict with "([^"]*)"/.exec(textAt(cause, 'message') ?? '')?.[1];
  return [{ manager: manager ?? 'another manager', field }];
}

function readStatus(body: string): Said {
  const status = parseJson(body);
  if (textAt(status, 'kind') !== 'Status') return { causes: [] };
  return {
    causes: listAt(status, 'details', 'causes'),
    reason: textAt(status, 'reason'),
    message: textAt(status, 'message'),
    kind: textAt(status, 'details', 'kind'),
    name: textAt(status, 'details', 'name'),
  };
}

function firstLine(body: string): string {
  const line = body.trimStart().split('\n', 1)[0] ?? '';
  return /^[<{]/.test(line) ? '' : line.slice(0, 200);
}
