import type { JsonObject } from '#core/schema/json-schema.ts';
import { tokenUser } from '../auth/authenticate.ts';
import { type Attributes, authorize, rulesOf } from '../auth/rbac.ts';
import type { User } from '../auth/user.ts';
import type { Cluster } from '../cluster.ts';
import { objectAt, stringsAt, textAt, timestamp } from '../json.ts';

type Review = (cluster: Cluster, user: User, sent: JsonObject, namespace: string | undefined) => JsonObject;

/** Questions about who one is and what one may do. They are created, answered and not kept. */
export function reviewFor(
  group: string,
  plural: string,
): { readonly kind: string; readonly answer: Review } | undefined {
  return reviews[`${group}/${plural}`];
}

const reviews: Readonly<Record<string, { readonly kind: string; readonly answer: Review }>> = {
  'authentication.k8s.io/selfsubjectreviews': {
    kind: 'SelfSubjectReview',
    answer: (_cluster, user) => ({ status: { userInfo: toUserInfo(user) } }),
  },
  'authentication.k8s.io/tokenreviews': {
    kind: 'TokenReview',
    answer(cluster, _user, sent) {
      const user = tokenUser(textAt(sent, 'spec', 'token') ?? '', cluster);
      return {
        spec: objectAt(sent, 'spec'),
        status:
          user === undefined
            ? { user: {}, error: 'invalid bearer token' }
            : { authenticated: true, user: toUserInfo(user) },
      };
    },
  },
  'authorization.k8s.io/selfsubjectaccessreviews': {
    kind: 'SelfSubjectAccessReview',
    answer: (cluster, user, sent) => accessReview(cluster, user, objectAt(sent, 'spec')),
  },
  'authorization.k8s.io/subjectaccessreviews': {
    kind: 'SubjectAccessReview',
    answer: (cluster, _user, sent) => accessReview(cluster, namedUser(sent), objectAt(sent, 'spec')),
  },
  'authorization.k8s.io/localsubjectaccessreviews': {
    kind: 'LocalSubjectAccessReview',
    answer: (cluster, _user, sent) => accessReview(cluster, namedUser(sent), objectAt(sent, 'spec')),
  },
  'authorization.k8s.io/selfsubjectrulesreviews': {
    kind: 'SelfSubjectRulesReview',
    answer(cluster, user, sent) {
      const rules = rulesOf(user, textAt(sent, 'spec', 'namespace'), cluster.store);
      return {
        spec: {},
        status: {
          resourceRules: rules
            .filter(({ resources }) => resources.length > 0)
            .map(({ verbs, apiGroups, resources, resourceNames }) => ({
              verbs,
              apiGroups,
              resources,
              resourceNames,
            })),
          nonResourceRules: rules
            .filter(({ nonResourceURLs }) => nonResourceURLs.length > 0)
            .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
          incomplete: false,
        },
      };
    },
  },
};

/** The frame that every review is sent back in. */
export function reviewObject(group: string, kind: string, body: JsonObject): JsonObject {
  return { kind, apiVersion: `${group}/v1`, metadata: { creationTimestamp: timestamp() }, ...body };
}

function accessReview({ store }: Cluster, user: User, spec: JsonObject): JsonObject {
  const { isAllowed, reason } = authorize(user, toAttributes(spec), store);
  return { spec, status: { allowed: isAllowed, ...(reason === '' ? {} : { reason }) } };
}

function toAttributes(spec: JsonObject): Attributes {
  if (spec['nonResourceAttributes'] !== undefined) {
    const asked = objectAt(spec, 'nonResourceAttributes');
    return { kind: 'path', verb: textAt(asked, 'verb') ?? '', path: textAt(asked, 'path') ?? '' };
  }
  const asked = objectAt(spec, 'resourceAttributes');
  const subresource = textAt(asked, 'subresource') ?? '';
  const namespace = textAt(asked, 'namespace') ?? '';
  const name = textAt(asked, 'name') ?? '';
  return {
    kind: 'resource',
    verb: textAt(asked, 'verb') ?? '',
    group: textAt(asked, 'group') ?? '',
    resource: textAt(asked, 'resource') ?? '',
    ...(subresource === '' ? {} : { subresource }),
    ...(namespace === '' ? {} : { namespace }),
    ...(name === '' ? {} : { name }),
  };
}

function namedUser(sent: JsonObject): User {
  return { name: textAt(sent, 'spec', 'user') ?? '', groups: stringsAt(sent, 'spec', 'groups') };
}

function toUserInfo({ name, groups, uid, extra }: User): JsonObject {
  return {
    username: name,
    ...(uid === undefined ? {} : { uid }),
    groups,
    ...(extra === undefined ? {} : { extra }),
  };
}
