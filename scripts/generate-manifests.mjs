// Writes the manifests of the operator and of the nodes' part, from the names and permissions the code uses.
import { readFile } from 'node:fs/promises';
import { parse, stringify } from 'yaml';
import { ownPermissions, permissions, toPolicyRules } from '#agent/operator/permissions.ts';
import { operatorPolicies, routerPolicies } from '#core/admission/policies.ts';
import { routerLabel } from '#core/manifest/names.ts';

const deploy = 'agent/deploy';
const folder = `${deploy}/manifests`;
const namespace = 'egress-router-tools';
const operator = 'egress-router-operator';
// Not as router pods are labeled: a router's Service must not select these.
const installer = 'egress-router-installer';
const operatorHealthPort = 9411;

export const manifests = [
  { target: `${folder}/namespace.yaml`, make: () => toYaml(namespaceObject()) },
  { target: `${folder}/rbac.yaml`, make: () => toYaml(...rbacObjects()) },
  { target: `${folder}/operator.yaml`, make: async () => toYaml(operatorDeployment(await imageReference())) },
  {
    target: `${folder}/node.yaml`,
    make: async () => toYaml(installerDaemonSet(await imageReference(), 'install')),
  },
  { target: `${folder}/kustomization.yaml`, make: () => toYaml(kustomization()) },
  {
    target: `${deploy}/uninstall/node.yaml`,
    make: async () => toYaml(installerDaemonSet(await imageReference(), 'remove')),
  },
  { target: `${deploy}/admission/routers.yaml`, make: () => toYaml(...routerPolicies()) },
  { target: `${deploy}/admission/operator.yaml`, make: () => toYaml(...operatorPolicies()) },
  {
    target: `${deploy}/admission/kustomization.yaml`,
    make: () => toYaml(component('routers.yaml', 'operator.yaml')),
  },
  { target: `${deploy}/monitoring/monitors.yaml`, make: () => toYaml(...monitors()) },
  { target: `${deploy}/monitoring/kustomization.yaml`, make: () => toYaml(component('monitors.yaml')) },
  {
    target: `${deploy}/overlays/kubernetes/kustomization.yaml`,
    make: () => toYaml(overlay({ resources: ['../../manifests'], components: ['../../admission'] })),
  },
  {
    // The same, for what installs them without kustomize.
    target: 'core/src/manifest/agent-objects.generated.ts',
    make: agentObjects,
  },
  {
    target: `${deploy}/overlays/okd/kustomization.yaml`,
    // The Cluster Network Operator brings the CRD, a plugin and the reconciler.
    make: () => toYaml(overlay({ components: ['../../admission'] })),
  },
];

async function agentObjects() {
  const image = await imageReference();
  const objects = {
    crd: parse(await readFile(`${folder}/crd.yaml`, 'utf8')),
    namespace: namespaceObject(),
    rbac: rbacObjects(),
    admission: [...operatorPolicies(), ...routerPolicies()],
    node: installerDaemonSet(image, 'install'),
    operator: operatorDeployment(image),
    nodeCleanup: installerDaemonSet(image, 'remove'),
  };
  return [
    "import type { AgentParts } from './agent-parts.ts';",
    '',
    '/** Made by `npm run generate`; edit scripts/generate-manifests.mjs instead. */',
    `export const generatedAgentObjects: AgentParts = ${JSON.stringify(objects, null, 2)};`,
    '',
  ].join('\n');
}

async function imageReference() {
  const { version } = JSON.parse(await readFile('package.json', 'utf8'));
  return `egress-router-agent:${version}`;
}

function namespaceObject() {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: namespace,
      // The plugin is written into a folder of the node.
      labels: { 'pod-security.kubernetes.io/enforce': 'privileged' },
    },
  };
}

function rbacObjects() {
  const rbac = 'rbac.authorization.k8s.io';
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: operator, namespace } },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRole',
      metadata: { name: operator },
      rules: toPolicyRules(permissions),
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: operator },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: operator },
      subjects: [{ kind: 'ServiceAccount', name: operator, namespace }],
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'Role',
      metadata: { name: operator, namespace },
      rules: toPolicyRules(ownPermissions),
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata: { name: operator, namespace },
      roleRef: { apiGroup: rbac, kind: 'Role', name: operator },
      subjects: [{ kind: 'ServiceAccount', name: operator, namespace }],
    },
  ];
}

function operatorDeployment(image) {
  const labels = { app: operator };
  const probe = (path) => ({ httpGet: { path, port: 'health' }, timeoutSeconds: 5 });
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: operator, namespace, labels },
    spec: {
      replicas: 1,
      // Never two operators at once.
      strategy: { type: 'Recreate' },
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: operator,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 65532,
            runAsGroup: 65532,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [
            {
              name: 'operator',
              image,
              command: ['/usr/bin/egress-router-operator', `--health-port=${operatorHealthPort}`],
              env: [
                { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
                { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
              ],
              ports: [{ name: 'health', containerPort: operatorHealthPort, protocol: 'TCP' }],
              readinessProbe: { ...probe('/readyz'), periodSeconds: 10 },
              livenessProbe: { ...probe('/healthz'), periodSeconds: 20, initialDelaySeconds: 5 },
              resources: { requests: { cpu: '20m', memory: '96Mi' }, limits: { memory: '256Mi' } },
              securityContext: withoutPrivileges(),
            },
          ],
        },
      },
    },
  };
}

function installerDaemonSet(image, mode) {
  const labels = { app: installer };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: installer, namespace, labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          automountServiceAccountToken: false,
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          tolerations: [{ operator: 'Exists' }],
          terminationGracePeriodSeconds: 5,
          containers: [
            {
              name: 'install',
              image,
              command: [
                '/usr/bin/egress-router-install',
                ...(mode === 'remove' ? ['remove', '--stay'] : ['install']),
              ],
              terminationMessagePolicy: 'FallbackToLogsOnError',
              resources: { requests: { cpu: '1m', memory: '8Mi' }, limits: { memory: '32Mi' } },
              // The folder is root's; owning it takes no capability.
              securityContext: { ...withoutPrivileges(), runAsUser: 0 },
              volumeMounts: [{ name: 'cni-bin', mountPath: '/host/opt/cni/bin' }],
            },
          ],
          volumes: [{ name: 'cni-bin', hostPath: { path: '/opt/cni/bin', type: 'DirectoryOrCreate' } }],
        },
      },
    },
  };
}

function withoutPrivileges() {
  return {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  };
}

function kustomization() {
  return {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: ['crd.yaml', 'namespace.yaml', 'rbac.yaml', 'operator.yaml', 'node.yaml'],
  };
}

function component(...resources) {
  return { apiVersion: 'kustomize.config.k8s.io/v1alpha1', kind: 'Component', resources };
}

function overlay(parts) {
  return { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', ...parts };
}

/** For the Prometheus Operator, whose CRDs a cluster may not have. */
function monitors() {
  const labels = { app: operator };
  const apiVersion = 'monitoring.coreos.com/v1';
  const endpoint = { port: 'health', path: '/metrics' };
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: operator, namespace, labels },
      spec: { selector: labels, ports: [{ name: 'health', port: operatorHealthPort, targetPort: 'health' }] },
    },
    {
      apiVersion,
      kind: 'ServiceMonitor',
      metadata: { name: operator, namespace, labels },
      spec: { selector: { matchLabels: labels }, endpoints: [endpoint] },
    },
    {
      apiVersion,
      kind: 'PodMonitor',
      metadata: { name: 'egress-routers', namespace, labels },
      spec: {
        namespaceSelector: { any: true },
        selector: { matchExpressions: [{ key: routerLabel, operator: 'Exists' }] },
        podMetricsEndpoints: [endpoint],
        podTargetLabels: [routerLabel],
      },
    },
  ];
}

function toYaml(...objects) {
  const header = '# Made by `npm run generate`; edit scripts/generate-manifests.mjs instead.\n';
  return (
    header +
    objects.map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false })).join('---\n')
  );
}
