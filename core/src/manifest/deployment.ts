import type { EgressRouter } from '#core/egress-router/model.ts';
import {
  appLabel,
  appLabelValue,
  configHashAnnotation,
  configMapName,
  configPath,
  containerName,
  deploymentName,
  healthPort,
  nadName,
  networksAnnotation,
} from './names.ts';
import type { OwnerReference } from './object.ts';

export interface DeploymentOptions {
  /** Reference of the agent image, which holds the router process. */
  readonly image: string;
  /** Changes with every change that needs a new pod. */
  readonly configHash: string;
  readonly owner?: OwnerReference;
}

/**
 * The Deployment of a router's one pod. `Recreate`, as two pods must never claim the reserved address at once.
 * The pod asks for its NAD without `default-route`: the plugin moves the default route itself and so still
 * sees the one of eth0, by which replies go back.
 */
export function toDeployment(router: EgressRouter, options: DeploymentOptions) {
  const labels = { [appLabel]: appLabelValue };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: deploymentName,
      ...(router.namespace === undefined ? {} : { namespace: router.namespace }),
      labels,
      ...(options.owner === undefined ? {} : { ownerReferences: [options.owner] }),
    },
    spec: {
      replicas: 1,
      strategy: { type: 'Recreate' },
      selector: { matchLabels: labels },
      template: {
        metadata: {
          labels,
          annotations: {
            [networksAnnotation]: JSON.stringify([{ name: nadName }]),
            [configHashAnnotation]: options.configHash,
          },
        },
        spec: podSpec(options.image),
      },
    },
  } as const;
}

function podSpec(image: string) {
  const probe = (path: string) => ({ httpGet: { path, port: healthPort }, timeoutSeconds: 5 });
  return {
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 10,
    containers: [
      {
        name: containerName,
        image,
        command: ['/usr/bin/egress-router-agent'],
        env: [{ name: 'EGRESS_ROUTER_CONFIG', value: configPath }],
        ports: [{ name: 'health', containerPort: healthPort, protocol: 'TCP' }],
        readinessProbe: { ...probe('/readyz'), periodSeconds: 5 },
        livenessProbe: { ...probe('/healthz'), periodSeconds: 20, initialDelaySeconds: 5 },
        resources: { requests: { cpu: '20m', memory: '64Mi' }, limits: { memory: '128Mi' } },
        securityContext: {
          // Kubernetes gives an added capability to root only; the image's own user is another.
          runAsUser: 0,
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] },
        },
        volumeMounts: [{ name: 'config', mountPath: configPath.replace(/\/[^/]*$/, ''), readOnly: true }],
      },
    ],
    volumes: [{ name: 'config', configMap: { name: configMapName } }],
  } as const;
}
