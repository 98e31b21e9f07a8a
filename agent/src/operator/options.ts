import { parseArgs } from 'node:util';
import type { PodAccess } from './ask-pod.ts';

export interface OperatorOptions {
  /** Absent: the service account of the pod it runs in. */
  readonly kubeconfig?: string;
  /** Reference of the agent image that router pods run. Absent: the one of the operator's own pod. */
  readonly image?: string;
  /** Absent: every namespace. */
  readonly namespace?: string;
  /** Absent: health is not served. */
  readonly healthPort?: number;
  /** Absent where the addresses of pods lead to other machines, if anywhere. */
  readonly podAccess?: PodAccess;
  /** Absent: acts without asking for leave, which is right only where no second operator can be. */
  readonly election?: ElectionChoice;
}

export interface ElectionChoice {
  /** Where the Lease is. Absent: where the operator itself runs. */
  readonly namespace?: string;
  readonly durationMs: number;
}

export type OptionsReading =
  | { readonly kind: 'run'; readonly options: OperatorOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly message: string };

export const usage = `Usage: egress-router-operator [options]

Makes a NetworkAttachmentDefinition, a ConfigMap and a Deployment of each EgressRouter and keeps its
conditions. Does nothing where the Cluster Network Operator is present, which does that itself.

  --kubeconfig PATH   cluster and login; default: the service account of the pod it runs in
  --image REF         agent image that router pods run; default: $EGRESS_ROUTER_IMAGE, else
                      the one of the pod it runs in
  --namespace NAME    look at one namespace only
  --health-port PORT  serve /healthz, /readyz and /metrics there
  --ask-pods=HOW      ask the pod of a router by its address which rules are in force; default: true. For an
                      operator outside of the cluster's network: false, or the absolute path of a Unix socket
                      on which an HTTP proxy reaches the pods
  --leader-elect=BOOL act only while holding the Lease egress-router-operator; default: true. With false, see
                      to it that no second operator runs
  --lease-namespace NAME
                      where the Lease is; default: $POD_NAMESPACE, else the namespace of the pod it runs in,
                      else egress-router-tools
  --lease-duration SECONDS
                      how long others wait for a leader that has fallen silent; default: 15
  --help`;

const podAccesses: ReadonlyMap<string, PodAccess | { readonly kind: 'none' }> = new Map([
  ['true', { kind: 'direct' }],
  ['false', { kind: 'none' }],
]);

export function parseOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): OptionsReading {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        kubeconfig: { type: 'string' },
        image: { type: 'string' },
        namespace: { type: 'string' },
        'health-port': { type: 'string' },
        'ask-pods': { type: 'string' },
        'leader-elect': { type: 'string' },
        'lease-namespace': { type: 'string' },
        'lease-duration': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help === true) return { kind: 'help' };
    const port = values['health-port'];
    const healthPort = port === undefined ? undefined : Number(port);
    if (
      healthPort !== undefined &&
      !(Number.isInteger(healthPort) && healthPort >= 0 && healthPort <= 65535)
    ) {
      return { kind: 'wrong', message: `--health-port must be a port, not "${port}".` };
    }
    const elect = values['leader-elect'] ?? 'true';
    if (elect !== 'true' && elect !== 'false') {
      return { kind: 'wrong', message: `--leader-elect must be true or false, not "${elect}".` };
    }
    const asks = values['ask-pods'] ?? 'true';
    const podAccess = podAccesses.get(asks) ?? { kind: 'proxy', socket: asks };
    if (!podAccesses.has(asks) && !asks.startsWith('/')) {
      const message = `--ask-pods must be true, false, or the absolute path of a socket, not "${asks}".`;
      return { kind: 'wrong', message };
    }
    const duration = values['lease-duration'] ?? '15';
    if (!/^[1-9][0-9]{0,3}$/.test(duration)) {
      return { kind: 'wrong', message: `--lease-duration must be whole seconds, not "${duration}".` };
    }
    const namespace = values['lease-namespace'] ?? env['POD_NAMESPACE'];
    const place = namespace === undefined ? {} : { namespace };
    const election = { ...place, durationMs: Number(duration) * 1000 };
    const image = values.image ?? env['EGRESS_ROUTER_IMAGE'];
    const options = {
      ...(podAccess.kind === 'none' ? {} : { podAccess }),
      ...(image === undefined ? {} : { image }),
      ...(values.kubeconfig === undefined ? {} : { kubeconfig: values.kubeconfig }),
      ...(values.namespace === undefined ? {} : { namespace: values.namespace }),
      ...(healthPort === undefined ? {} : { healthPort }),
      ...(elect === 'true' ? { election } : {}),
    };
    return { kind: 'run', options };
  } catch (error) {
    return { kind: 'wrong', message: error instanceof Error ? error.message : String(error) };
  }
}
