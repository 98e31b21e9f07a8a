import type { Connection } from '#cluster/connect.ts';
import { kinds } from '#cluster/kinds.ts';
import { watchObjects } from '#cluster/watch.ts';
import { listAt, parseJson, textAt } from '#core/json-value.ts';
import { networkStatusAnnotation, routerIfName } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';

/** Which pods hold which address of a router's network, by every event there is about a pod. */
export class AddressHolders {
  /** Sentences about two pods that held one address at the same time. */
  readonly clashes: string[] = [];
  /** How many pods ever held one. */
  readonly holders = new Set<string>();
  readonly #pods = new Map<string, readonly string[]>();
  readonly #watch: { close(): void };

  constructor(connection: Connection) {
    this.#watch = watchObjects(connection, kinds.pod, {
      onEvent: (event) => {
        if (event.kind === 'put') this.#put(event.object);
        if (event.kind === 'removed') this.#pods.delete(keyOf(event.object));
        if (event.kind === 'listed') {
          this.#pods.clear();
          event.objects.forEach((pod) => this.#put(pod));
        }
      },
    });
  }

  close(): void {
    this.#watch.close();
  }

  /** A pod has its address from when its network was made until it is gone, terminating or not. */
  #put(pod: KubernetesObject): void {
    const isOver = ['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase') ?? '');
    const held = isOver ? [] : addressesOf(pod);
    this.#pods.set(keyOf(pod), held);
    if (held.length > 0) this.holders.add(keyOf(pod));
    for (const [other, theirs] of this.#pods) {
      const shared = held.filter((address) => theirs.includes(address));
      if (other === keyOf(pod) || shared.length === 0) continue;
      const sentence = `${shared.join()}: ${other} and ${keyOf(pod)}`;
      if (!this.clashes.includes(sentence)) this.clashes.push(sentence);
    }
  }
}

export function addressesOf(pod: KubernetesObject): readonly string[] {
  const status = parseJson(pod.metadata.annotations?.[networkStatusAnnotation] ?? '[]');
  return listAt(status)
    .filter((network) => textAt(network, 'interface') === routerIfName)
    .flatMap((network) => listAt(network, 'ips'))
    .map(String);
}

function keyOf({ metadata: { namespace = '', name, uid = '' } }: KubernetesObject): string {
  return `${namespace}/${name} ${uid}`;
}
