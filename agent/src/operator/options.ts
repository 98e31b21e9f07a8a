import { parseArgs } from 'node:util';

export interface OperatorOptions {
  /** Absent: the service account of the pod it runs in. */
  readonly kubeconfig?: string;
  /** Reference of the agent image that router pods run. */
  readonly image: string;
  /** Absent: every namespace. */
  readonly namespace?: string;
  /** Absent: health is not served. */
  readonly healthPort?: number;
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
                      egress-router-agent
  --namespace NAME    look at one namespace only
  --health-port PORT  serve /healthz and /readyz there
  --help`;

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
    const options = {
      image: values.image ?? env['EGRESS_ROUTER_IMAGE'] ?? 'egress-router-agent',
      ...(values.kubeconfig === undefined ? {} : { kubeconfig: values.kubeconfig }),
      ...(values.namespace === undefined ? {} : { namespace: values.namespace }),
      ...(healthPort === undefined ? {} : { healthPort }),
    };
    return { kind: 'run', options };
  } catch (error) {
    return { kind: 'wrong', message: error instanceof Error ? error.message : String(error) };
  }
}
