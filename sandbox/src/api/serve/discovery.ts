import type { JsonObject } from '#core/schema/json-schema.ts';
import type { Verb } from '../request/verb.ts';
import { apiVersionOf, type Resource } from '../resource.ts';

/** `/api` */
export function coreVersions(address: string): JsonObject {
  const serverAddressByClientCIDRs = [{ clientCIDR: '0.0.0.0/0', serverAddress: address }];
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs };
}

/** `/apis` */
export function groupList(resources: readonly Resource[]): JsonObject {
  const names = [...new Set([...resources.map(({ group }) => group), ...reviewGroups])];
  const groups = names.filter((group) => group !== '').map((group) => groupOf(group, resources));
  return { kind: 'APIGroupList', apiVersion: 'v1', groups };
}

/** `/apis/GROUP`; undefined for a group that is not served. */
export function oneGroup(group: string, resources: readonly Resource[]): JsonObject | undefined {
  const isKnown = resources.some((one) => one.group === group) || reviewGroups.includes(group);
  return isKnown && group !== ''
    ? { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(group, resources) }
    : undefined;
}

/** `/api/v1`, `/apis/GROUP/VERSION`; undefined for what is not served. */
export function resourceList(
  group: string,
  version: string,
  resources: readonly Resource[],
): JsonObject | undefined {
  const own = resources.filter((one) => one.group === group && one.version === version);
  const rows = [...own.flatMap(rowsOf), ...(version === 'v1' ? reviewRows(group) : [])];
  if (rows.length === 0) return undefined;
  const groupVersion = apiVersionOf({ group, version });
  return {
    kind: 'APIResourceList',
    ...(group === '' ? {} : { apiVersion: 'v1' }),
    groupVersion,
    resources: rows,
  };
}

const reviewGroups: readonly string[] = ['authentication.k8s.io', 'authorization.k8s.io'];

const verbs: readonly Verb[] = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
];

function groupOf(group: string, resources: readonly Resource[]): JsonObject {
  const served = resources.filter((one) => one.group === group).map(({ version }) => version);
  const versions = (served.length === 0 ? ['v1'] : [...new Set(served)])
    .toSorted(byStability)
    .map((version) => ({ groupVersion: `${group}/${version}`, version }));
  return { name: group, versions, preferredVersion: versions[0] };
}

/** `v2` before `v1` before `v1beta1`. */
function byStability(a: string, b: string): number {
  const rank = (version: string): number => {
    const [, major = '0', stage = '', minor = '0'] = /^v(\d+)(alpha|beta)?(\d+)?$/.exec(version) ?? [];
    const stability = stage === '' ? 2 : stage === 'beta' ? 1 : 0;
    return stability * 1_000_000 + Number(major) * 1000 + Number(minor);
  };
  return rank(b) - rank(a);
}

function rowsOf(resource: Resource): readonly JsonObject[] {
  const { plural, singular, kind, isNamespaced, shortNames, categories } = resource;
  const shared = { namespaced: isNamespaced, kind };
  const main = {
    name: plural,
    singularName: singular,
    ...shared,
    verbs,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
  };
  const below = (name: string, row: JsonObject): JsonObject => ({
    name: `${plural}/${name}`,
    singularName: '',
    ...shared,
    ...row,
  });
  return [
    main,
    ...(resource.hasStatus ? [below('status', { verbs: ['get', 'patch', 'update'] })] : []),
    ...(resource.scale === undefined
      ? []
      : [
          below('scale', {
            group: 'autoscaling',
            version: 'v1',
            kind: 'Scale',
            verbs: ['get', 'patch', 'update'],
          }),
        ]),
    ...resource.subresources.map((name) => below(name, subresourceRows[name] ?? { verbs: ['get'] })),
  ];
}

const subresourceRows: Readonly<Record<string, JsonObject>> = {
  finalize: { verbs: ['update'] },
  binding: { kind: 'Binding', verbs: ['create'] },
  eviction: { group: 'policy', version: 'v1', kind: 'Eviction', verbs: ['create'] },
  exec: { kind: 'PodExecOptions', verbs: ['create', 'get'] },
  attach: { kind: 'PodAttachOptions', verbs: ['create', 'get'] },
  portforward: { kind: 'PodPortForwardOptions', verbs: ['create', 'get'] },
  log: { verbs: ['get'] },
  token: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest', verbs: ['create'] },
};

function reviewRows(group: string): readonly JsonObject[] {
  const row = (name: string, kind: string, namespaced = false): JsonObject => ({
    name,
    singularName: kind.toLowerCase(),
    namespaced,
    kind,
    verbs: ['create'],
  });
  if (group === 'authentication.k8s.io') {
    return [row('selfsubjectreviews', 'SelfSubjectReview'), row('tokenreviews', 'TokenReview')];
  }
  if (group !== 'authorization.k8s.io') return [];
  return [
    row('localsubjectaccessreviews', 'LocalSubjectAccessReview', true),
    row('selfsubjectaccessreviews', 'SelfSubjectAccessReview'),
    row('selfsubjectrulesreviews', 'SelfSubjectRulesReview'),
    row('subjectaccessreviews', 'SubjectAccessReview'),
  ];
}
