import type { EgressRouter } from '#core/egress-router/model.ts';
import {
  appLabel,
  configHashAnnotation,
  configPath,
  containerName,
  healthPort,
  networksAnnotation,
  routerLabel,
} from './names.ts';
import { type ObjectOptions, toMetadata } from './object-metadata.ts';
import { toPlacement, toResources } from './placement.ts';
import { documentedNames, type RouterNames, routerLabelValue } from './router-names.ts';

export interface DeploymentOptions extends ObjectOptions {
  /** Reference of the agent image, which holds the router process. */
  readonly image: string;
  /** Changes with every change that needs a new pod. */
  readonly configHash: string;
}

/**
 * The Deployment of a router's one pod. `Recreate`, as two pods must never claim the reserved address at once.
 * The pod asks for its NAD without `default-route`: the plugin moves the default route itself and so still
 * sees the one of eth0, by which replies go back.
 */
export function toDeployment(router: EgressRouter, options: DeploymentOptions) {
  const { names = documentedNames } = options;
  // A selector can never be changed, so it holds only what every version of the operator has written.
  const selected = { [appLabel]: names.app };
  const labels = { ...selected, [routerLabel]: routerLabelValue(router.name) };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { ...toMetadata(router, 'deployment', options), labels },
    spec: {
      replicas: 1,
      // Fields that would keep the pod from its work are named also where their value is the default: what
      // somebody else sets there is overruled.
      paused: false,
      strategy: { type: 'Recreate' },
      selector: { matchLabels: selected },
      template: {
        metadata: {
          labels,
          annotations: {
            [networksAnnotation]: JSON.stringify([{ name: names.nad }]),
            [configHashAnnotation]: options.configHash,
          },
        },
        spec: podSpec(router, options.image, names),
      },
    },
  } as const;
}

function podSpec(router: EgressRouter, image: string, names: RouterNames) {
  const probe = (path: string) => ({ httpGet: { path, port: healthPort }, timeoutSeconds: 5 });
  const { options = {} } = router;
  return {
    automountServiceAccountToken: false,
    hostNetwork: false,
    terminationGracePeriodSeconds: 10,
    ...toPlacement(options),
    containers: [
      {
        name: containerName,
        image,
        command: ['/usr/bin/egress-router-agent'],
        env: [{ name: 'EGRESS_ROUTER_CONFIG', value: configPath }],
        ports: [{ name: 'health', containerPort: healthPort, protocol: 'TCP' }],
        readinessProbe: { ...probe('/readyz'), periodSeconds: 5 },
        livenessProbe: { ...probe('/healthz'), periodSeconds: 20, initialDelaySeconds: 5 },
        resources: toResources(options),
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
    volumes: [{ name: 'config', configMap: { name: names.configMap } }],
  } as const;
}
