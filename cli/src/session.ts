import type { ClusterSession } from '#cluster/api.ts';
import type { Io } from './io.ts';
import { inOneLine } from './printable.ts';
import { readName } from './verb.ts';

export const clusterOptions = {
  kubeconfig: { type: 'string' },
  context: { type: 'string' },
  namespace: { type: 'string', short: 'n' },
  output: { type: 'string', short: 'o' },
  help: { type: 'boolean', short: 'h' },
} as const;

export const clusterUsage = clusterUsageOf({});

/** @param namespace what `--namespace` is by default */
export function clusterUsageOf({
  namespace = "the context's namespace",
  formats = 'json or yaml',
}: {
  readonly namespace?: string;
  readonly formats?: string;
}): string {
  return `  -o, --output FORMAT    table (default), ${formats}
  -n, --namespace NAME   default: ${namespace}
      --context NAME     default: the kubeconfig's current context
      --kubeconfig PATH  default: $KUBECONFIG, else ~/.kube/config
  -h, --help`;
}

/** Of `--output`, the default first. */
export const outputs = ['table', 'json', 'yaml'] as const;

export interface ClusterValues {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  readonly namespace?: string | undefined;
  readonly isClusterWide?: boolean;
}

/** Runs `task` with a session that ends with it. The Kubernetes client is loaded here, not before. */
export async function withSession<T>(
  { kubeconfig, context, namespace, isClusterWide = false }: ClusterValues,
  io: Io,
  task: (session: ClusterSession) => Promise<T>,
): Promise<T> {
  if (namespace !== undefined) readName('a namespace', namespace);
  const { openSession } = await import('#cluster/session.ts');
  const session = openSession({
    // Empty, as a script passes on what is not set, they count as left out, as with kubectl.
    ...(kubeconfig === undefined || kubeconfig === '' ? {} : { kubeconfigPaths: [kubeconfig] }),
    ...(context === undefined || context === '' ? {} : { context }),
    ...(namespace === undefined ? {} : { namespace }),
    isClusterWide,
    allowExec: true,
    mayWait: true,
    log: (line) => io.stderr(`${inOneLine(line)}\n`),
  });
  try {
    return await task(session);
  } finally {
    session.close();
  }
}
