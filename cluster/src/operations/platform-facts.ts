import { parseRouter } from '#core/egress-router/parse.ts';
import { at, listAt, textAt } from '#core/json-value.ts';
import { toDeployment } from '#core/manifest/deployment.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import type { SccReview } from '#core/platform/check-scc.ts';
import { type Platform, toPlatform } from '#core/platform/platform.ts';
import type { Connection } from '../connect.ts';
import { ClusterError } from '../errors.ts';
import { kinds } from '../kinds.ts';
import { findObject, listPages } from '../objects.ts';

export async function readPlatform(
  connection: Connection,
  nodes: readonly KubernetesObject[],
  signal: AbortSignal,
): Promise<Platform> {
  const infrastructure = await readInfrastructure(connection, signal);
  const ids = nodes.flatMap((node) => textAt(node, 'spec', 'providerID') ?? []);
  return toPlatform(textAt(infrastructure, 'status', 'platformStatus', 'type'), ids);
}

function readInfrastructure(
  connection: Connection,
  signal: AbortSignal,
): Promise<KubernetesObject | undefined> {
  return orUnknown(findObject(connection, kinds.infrastructure, { name: 'cluster' }, signal));
}

/** Names of the MachineConfigs that load SCTP; undefined where there are none at all, or they may not be seen. */
export async function readSctpLoads(
  connection: Connection,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  const found: string[] = [];
  const list = async (): Promise<readonly string[]> => {
    for await (const { objects } of listPages(connection, kinds.machineConfig, { signal })) {
      found.push(...objects.filter(loadsSctp).map(({ metadata }) => metadata.name));
    }
    return found;
  };
  return orUnknown(list());
}

function loadsSctp(config: KubernetesObject): boolean {
  return listAt(config, 'spec', 'config', 'storage', 'files').some((file) => {
    const source = textAt(file, 'contents', 'source') ?? '';
    const isLoadList = textAt(file, 'path')?.startsWith('/etc/modules-load.d/') === true;
    return isLoadList && /sctp/.test(decoded(source));
  });
}

/** `data:,sctp` or `data:text/plain;base64,c2N0cA==` */
function decoded(source: string): string {
  const [head = '', body = ''] = source.split(/,(.*)/s, 2);
  return head.endsWith(';base64') ? Buffer.from(body, 'base64').toString('utf8') : body;
}

/**
 * Which SecurityContextConstraints admit the pod that our operator would make.
 *
 * @returns undefined where there are none: the cluster is neither OKD nor OpenShift
 */
export async function reviewScc(
  connection: Connection,
  object: KubernetesObject,
  signal: AbortSignal,
): Promise<SccReview | undefined> {
  const { router } = parseRouter(object);
  if (router === undefined) return undefined;
  const { template } = toDeployment(router, { image: 'egress-router-agent', configHash: '' }).spec;
  const { apiVersion, kind } = kinds.sccReview;
  const body = {
    apiVersion,
    kind,
    spec: { template: { ...template, spec: { ...template.spec, serviceAccountName: 'default' } } },
  };
  try {
    const answer = await connection.json({
      verb: 'create',
      kind: kinds.sccReview,
      namespace: object.metadata.namespace ?? connection.namespace,
      body,
      signal,
    });
    const by = textAt(at(answer, 'status', 'allowedBy'), 'name');
    return by === undefined || by === '' ? { kind: 'refused' } : { kind: 'allowed', by };
  } catch (error) {
    if (ClusterError.is(error, 'crd-missing', 'not-found')) return undefined;
    // The API server says 403 of kinds that it does not serve, too.
    if (ClusterError.is(error, 'forbidden')) {
      return (await readInfrastructure(connection, signal)) === undefined ? undefined : { kind: 'hidden' };
    }
    throw error;
  }
}

async function orUnknown<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (ClusterError.is(error, 'crd-missing', 'forbidden', 'not-found')) return undefined;
    throw error;
  }
}
