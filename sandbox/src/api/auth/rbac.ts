import type { JsonObject } from '#core/schema/json-schema.ts';
import { nameOf, namespaceOf, objectAt, objectsAt, stringsAt, textAt } from '../json.ts';
import type { Store } from '../store.ts';
import { mastersGroup, type User } from './user.ts';

/** What is asked for: a verb on a resource, or on a path that is none. */
export type Attributes =
  | {
      readonly kind: 'resource';
      readonly verb: string;
      readonly group: string;
      readonly resource: string;
      readonly subresource?: string;
      readonly namespace?: string;
      readonly name?: string;
    }
  | { readonly kind: 'path'; readonly verb: string; readonly path: string };

export interface Verdict {
  readonly isAllowed: boolean;
  /** Why it is allowed, or what went wrong while finding out. */
  readonly reason: string;
}

export interface Rule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

/** Role-based access control over the roles and bindings in the store. */
export function authorize(user: User, attributes: Attributes, store: Store): Verdict {
  if (user.groups.includes(mastersGroup)) return { isAllowed: true, reason: '' };
  const namespace = attributes.kind === 'resource' ? attributes.namespace : undefined;
  const { grants, faults } = grantsOf(user, namespace, store);
  const grant = grants.find(({ rules }) => rules.some((rule) => covers(rule, attributes)));
  if (grant !== undefined) return { isAllowed: true, reason: `RBAC: allowed by ${grant.binding}` };
  return { isAllowed: false, reason: faults.length === 0 ? '' : `RBAC: ${faults.join(', ')}` };
}

/** The rules a user has in a namespace, those of the whole cluster included. */
export function rulesOf(user: User, namespace: string | undefined, store: Store): readonly Rule[] {
  if (user.groups.includes(mastersGroup)) return [everything, everyPath];
  return grantsOf(user, namespace, store).grants.flatMap(({ rules }) => rules);
}

export function covers(rule: Rule, attributes: Attributes): boolean {
  if (!hasOrStar(rule.verbs, attributes.verb)) return false;
  if (attributes.kind === 'path') {
    return rule.nonResourceURLs.some((url) =>
      url.endsWith('*') ? attributes.path.startsWith(url.slice(0, -1)) : url === attributes.path,
    );
  }
  const { group, resource, subresource, name } = attributes;
  const full = subresource === undefined ? resource : `${resource}/${subresource}`;
  const isResource =
    hasOrStar(rule.resources, full) ||
    (subresource !== undefined && rule.resources.includes(`*/${subresource}`));
  return (
    isResource &&
    hasOrStar(rule.apiGroups, group) &&
    (rule.resourceNames.length === 0 || (name !== undefined && rule.resourceNames.includes(name)))
  );
}

export function describe(attributes: Attributes): string {
  if (attributes.kind === 'path') return `cannot ${attributes.verb} path "${attributes.path}"`;
  const { verb, resource, subresource, group, namespace } = attributes;
  const full = subresource === undefined ? resource : `${resource}/${subresource}`;
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  return `cannot ${verb} resource "${full}" in API group "${group}" ${where}`;
}

const everything: Rule = {
  verbs: ['*'],
  apiGroups: ['*'],
  resources: ['*'],
  resourceNames: [],
  nonResourceURLs: [],
};
const everyPath: Rule = { ...everything, apiGroups: [], resources: [], nonResourceURLs: ['*'] };

interface Grant {
  readonly binding: string;
  readonly rules: readonly Rule[];
}

function grantsOf(
  user: User,
  namespace: string | undefined,
  store: Store,
): { readonly grants: readonly Grant[]; readonly faults: readonly string[] } {
  const bindings = [
    ...store.list('clusterrolebindings.rbac.authorization.k8s.io'),
    ...(namespace === undefined ? [] : store.list('rolebindings.rbac.authorization.k8s.io', namespace)),
  ];
  const grants: Grant[] = [];
  const faults: string[] = [];
  for (const binding of bindings) {
    const subject = objectsAt(binding, 'subjects').find((one) => isSubject(one, user, binding));
    if (subject === undefined) continue;
    const role = roleOf(binding, store);
    const reference = objectAt(binding, 'roleRef');
    const kind = textAt(reference, 'kind') ?? 'ClusterRole';
    const name = textAt(reference, 'name') ?? '';
    if (role === undefined) {
      faults.push(`${kind.toLowerCase()}.rbac.authorization.k8s.io "${name}" not found`);
    } else {
      const own = namespaceOf(binding);
      const where = own === undefined ? `"${nameOf(binding)}"` : `"${nameOf(binding)}/${own}"`;
      const bindingKind = own === undefined ? 'ClusterRoleBinding' : 'RoleBinding';
      const rules = objectsAt(role, 'rules').map(toRule);
      const whole = `${bindingKind} ${where} of ${kind} "${name}" to ${shownSubject(subject)}`;
      grants.push({ binding: whole, rules });
    }
  }
  return { grants, faults };
}

function roleOf(binding: JsonObject, store: Store): JsonObject | undefined {
  const name = textAt(binding, 'roleRef', 'name') ?? '';
  return textAt(binding, 'roleRef', 'kind') === 'Role'
    ? store.get('roles.rbac.authorization.k8s.io', namespaceOf(binding), name)
    : store.get('clusterroles.rbac.authorization.k8s.io', undefined, name);
}

function isSubject(subject: JsonObject, user: User, binding: JsonObject): boolean {
  const name = textAt(subject, 'name') ?? '';
  switch (textAt(subject, 'kind')) {
    case 'User':
      return user.name === name;
    case 'Group':
      return user.groups.includes(name);
    case 'ServiceAccount': {
      const namespace = textAt(subject, 'namespace') ?? namespaceOf(binding) ?? '';
      return user.name === `system:serviceaccount:${namespace}:${name}`;
    }
    default:
      return false;
  }
}

function shownSubject(subject: JsonObject): string {
  const namespace = textAt(subject, 'namespace');
  const name = textAt(subject, 'name') ?? '';
  const shown = namespace === undefined ? name : `${name}/${namespace}`;
  return `${textAt(subject, 'kind')} ${JSON.stringify(shown)}`;
}

function toRule(rule: JsonObject): Rule {
  return {
    verbs: stringsAt(rule, 'verbs'),
    apiGroups: stringsAt(rule, 'apiGroups'),
    resources: stringsAt(rule, 'resources'),
    resourceNames: stringsAt(rule, 'resourceNames'),
    nonResourceURLs: stringsAt(rule, 'nonResourceURLs'),
  };
}

function hasOrStar(list: readonly string[], value: string): boolean {
  return list.includes('*') || list.includes(value);
}
