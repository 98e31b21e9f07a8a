import { expect, test } from 'vitest';
import { readStatus } from '#cluster/operations/status.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { deployment, nad, router, service } from './objects-of-a-router.ts';
import { type Handler, sendJson, startStubApi } from './stub-api.ts';

const nads = 'network-attachment-definitions';
const owner = { apiVersion: 'network.operator.openshift.io/v1', kind: 'EgressRouter', name: 'egress-a' };

function owned(object: KubernetesObject, uid: string): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, ownerReferences: [{ ...owner, uid }] } };
}

const configMap = (name: string, uid: string): KubernetesObject =>
  owned({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'demo', name } }, uid);

/** By the last part of their paths. */
const lists: Readonly<Record<string, readonly KubernetesObject[]>> = {
  egressrouters: [router()],
  [nads]: [nad()],
  deployments: [deployment()],
  configmaps: [configMap('egress-router-cni-config', 'u-router'), configMap('other', 'u-other')],
  services: [
    owned(service({ app: 'egress-router-cni' }), 'u-router'),
    service({ app: 'egress-router-cni' }, 'of-others'),
  ],
};

function serving(forbidden: RegExp): Handler {
  return ({ url = '' }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://api');
    if (forbidden.test(pathname)) return sendJson(response, 403, { kind: 'Status', code: 403 });
    const isFurther = searchParams.get('labelSelector')?.includes('!=') === true;
    const items = isFurther ? [] : (lists[pathname.replace(/^.*\//, '')] ?? []);
    sendJson(response, 200, { metadata: { resourceVersion: '1' }, items });
  };
}

const read = ['NetworkAttachmentDefinition egress-router-cni-nad', 'Deployment egress-router-cni-deployment'];
const all = [...read, 'ConfigMap egress-router-cni-config', 'Service egress-a'];

test.each<[string, RegExp, object, readonly string[], readonly string[] | undefined]>([
  ['of the cluster', /^$/, { withAllObjects: true }, all, undefined],
  ['of a namespace', /^$/, { withAllObjects: true, namespace: 'demo' }, all, undefined],
  [
    'where ConfigMaps are read by namespace',
    /^\/api\/v1\/configmaps$/,
    { withAllObjects: true },
    all,
    undefined,
  ],
  [
    'where ConfigMaps may not be read',
    /configmaps$/,
    { withAllObjects: true },
    [...read, 'Service egress-a'],
    ['ConfigMaps'],
  ],
  ['where nobody asks for all of them', /configmaps$/, {}, read, undefined],
])('what there is of a router: %s', async (_, forbidden, target, expected, mayNotSee) => {
  await using api = await startStubApi(serving(forbidden));
  const { routers } = await readStatus(api.connection, target, AbortSignal.timeout(5_000));
  expect(routers.map(({ objects }) => objects.map(({ kind, name }) => `${kind} ${name}`))).toEqual([
    expected,
  ]);
  expect(routers[0]?.mayNotSee).toEqual(mayNotSee);
});
