import type { Connection } from './connect.ts';
import { ClusterError, type FailureReason } from './errors.ts';
import { kinds, type ResourceKind } from './kinds.ts';
import { listObjects } from './objects.ts';
import type { Pace } from './pace.ts';
import type { Subscription } from './subscription.ts';
import { type ObjectWatch, watchObjects } from './watch.ts';

/**
 * The namespaces that can be listed, on OpenShift the projects, which everybody can list as far as they may see them,
 * else the connection's own and those that the kubeconfig names for this cluster. Sorted.
 */
export async function listVisibleNamespaces(
  connection: Connection,
  signal: AbortSignal,
): Promise<readonly string[]> {
  for (const kind of sources) {
    try {
      const { objects } = await listObjects(connection, kind, { signal });
      return objects.map(({ metadata }) => metadata.name).toSorted();
    } catch (error) {
      if (!ClusterError.is(error, ...absences)) throw error;
    }
  }
  return placesToLook(connection, ofKubeconfig(connection));
}

/** Where to look who may not look everywhere: at the connection's own namespace in any case. Sorted. */
export function placesToLook({ namespace }: Connection, visible: readonly string[]): readonly string[] {
  return [...new Set([namespace, ...visible])].toSorted();
}

/** The places to look, told anew whenever one comes or goes. */
export function watchVisibleNamespaces(
  connection: Connection,
  pace: Pace,
  listener: (namespaces: readonly string[]) => void,
): Subscription & Pick<ObjectWatch, 'renew'> {
  const names = new Set<string>();
  let watch: ObjectWatch | undefined;
  let closed = false;
  const tell = (): void => listener(placesToLook(connection, [...names]));
  function follow([kind, ...others]: readonly ResourceKind[]): void {
    if (kind === undefined) {
      for (const name of ofKubeconfig(connection)) names.add(name);
      return tell();
    }
    let isListed = false;
    watch = watchObjects(connection, kind, {
      pace,
      keep: ({ apiVersion, kind: called, metadata: { name } }) => ({
        apiVersion,
        kind: called,
        metadata: { name },
      }),
      onEvent: (event) => {
        switch (event.kind) {
          case 'listed':
            isListed = true;
            names.clear();
            for (const { metadata } of event.objects) names.add(metadata.name);
            return tell();
          case 'put':
            // Most events change something else of a namespace than that it is there.
            if (names.has(event.object.metadata.name)) return;
            names.add(event.object.metadata.name);
            return tell();
          case 'removed':
            if (names.delete(event.object.metadata.name)) tell();
            return;
          case 'state': {
            if (isListed || event.state.kind !== 'unreachable') return;
            const { reason } = event.state;
            if (!absences.includes(reason) || closed) return;
            watch?.close();
            follow(others);
          }
        }
      },
    });
  }
  follow(sources);
  return {
    renew: () => watch?.renew(),
    close: () => {
      closed = true;
      watch?.close();
    },
  };
}

const sources: readonly ResourceKind[] = [kinds.namespace, kinds.project];

/** How a cluster says that this is not to be had here. */
const absences: readonly FailureReason[] = ['forbidden', 'crd-missing', 'not-found'];

function ofKubeconfig({ contexts, context }: Connection): readonly string[] {
  const cluster = contexts.find(({ name }) => name === context)?.cluster;
  return contexts.flatMap((one) =>
    one.cluster === cluster && one.namespace !== undefined ? [one.namespace] : [],
  );
}
