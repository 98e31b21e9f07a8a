import { egressRouterApiVersion, egressRouterKind } from '#core/egress-router/wire.ts';
import { nadGroup, nadPlural } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import type { JsonObject } from '#core/schema/json-schema.ts';
import { type AdmissionRule, admissionRules, admissionVariables } from './router-rules.ts';

const apiVersion = 'admissionregistration.k8s.io/v1';
/** The operator's service account, in whatever namespace it was put. */
const operatorName = 'egress-router-operator';
/** What the names of a router's objects begin with, but for its Service's. */
const routerObjectPrefix = 'egress-router-cni-';

/**
 * ValidatingAdmissionPolicies that say at `kubectl apply` what else only a condition would: errors are refused,
 * warnings are shown. Each comes with its binding, for all namespaces.
 */
export function routerPolicies(): readonly KubernetesObject[] {
  return [
    ...policyWithBinding('egress-routers', 'error', 'Deny'),
    ...policyWithBinding('egress-routers-advice', 'warning', 'Warn'),
  ];
}

/**
 * Holds the operator's service account to what it has to write. RBAC cannot: the names of a router's objects
 * are made of the router's, and a rule of RBAC names objects one by one or not at all.
 */
export function operatorPolicies(): readonly KubernetesObject[] {
  const name = 'egress-router-operator-writes';
  const rule = (group: string, resources: readonly string[]) => ({
    apiGroups: [group],
    apiVersions: ['*'],
    operations: ['CREATE', 'UPDATE', 'DELETE'],
    resources,
  });
  const isOfRouter = (object: string): string =>
    `has(${object}.metadata.ownerReferences) && ${object}.metadata.ownerReferences.exists(o, o.kind == "${egressRouterKind}" && has(o.controller) && o.controller)`;
  return bound(name, 'Deny', {
    failurePolicy: 'Fail',
    matchConstraints: {
      resourceRules: [
        rule('', ['configmaps', 'services']),
        rule('apps', ['deployments']),
        rule(nadGroup, [nadPlural]),
      ],
    },
    matchConditions: [
      {
        name: 'by-the-operator',
        expression: `request.userInfo.username.startsWith("system:serviceaccount:") && request.userInfo.username.endsWith(":${operatorName}")`,
      },
    ],
    validations: [
      {
        expression: `request.resource.resource == "services" || request.name.startsWith("${routerObjectPrefix}")`,
        message: `The operator of egress routers writes objects only whose names begin with ${routerObjectPrefix}.`,
      },
      {
        expression: `request.resource.resource != "services" || (request.operation == "CREATE" || ${isOfRouter('oldObject')}) && (request.operation == "DELETE" || ${isOfRouter('object')})`,
        message: 'The operator of egress routers writes only Services that an egress router owns.',
      },
    ],
  });
}

function policyWithBinding(
  name: string,
  severity: AdmissionRule['severity'],
  action: 'Deny' | 'Warn',
): readonly KubernetesObject[] {
  const [group = '', version = ''] = egressRouterApiVersion.split('/');
  const rules = admissionRules.filter((rule) => rule.severity === severity);
  return bound(name, action, {
    // What cannot be judged is let through where only advice would come of it.
    failurePolicy: action === 'Deny' ? 'Fail' : 'Ignore',
    matchConstraints: {
      resourceRules: [
        {
          apiGroups: [group],
          apiVersions: [version],
          operations: ['CREATE', 'UPDATE'],
          resources: ['egressrouters'],
        },
      ],
    },
    matchConditions: [
      {
        // A router from before the policy can still be labeled, annotated and deleted.
        name: 'spec-changes',
        expression: 'request.operation == "CREATE" || object.spec != oldObject.spec',
      },
    ],
    variables: admissionVariables,
    validations: rules.map(({ code, cel, where, message }) => ({
      expression: cel,
      message: `${message} (${code})`,
      // Where it cannot be evaluated, a server falls back on the message above.
      ...(where === undefined
        ? {}
        : { messageExpression: `${where} + ${JSON.stringify(`: ${message} (${code})`)}` }),
    })),
  });
}

function bound(name: string, action: 'Deny' | 'Warn', spec: JsonObject): readonly KubernetesObject[] {
  return [
    { apiVersion, kind: 'ValidatingAdmissionPolicy', metadata: { name }, spec },
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name },
      spec: { policyName: name, validationActions: [action] },
    },
  ];
}
