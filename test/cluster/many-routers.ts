import type { Connection } from '#cluster/connect.ts';
import { kinds } from '#cluster/kinds.ts';
import { createObject } from '#cluster/objects.ts';
import { router } from './operations-world.ts';

/** Makes so many routers, each in a namespace of its own (`team-0`, `team-1`, …), as different teams have them. */
export async function makeRouters(
  connection: Connection,
  howMany: number,
  signal: AbortSignal,
): Promise<void> {
  for (const index of Array.from({ length: howMany }).keys()) {
    const name = `team-${index}`;
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
    await createObject(connection, kinds.namespace, namespace, { signal });
    const ip = `10.${index >> 8}.${index & 255}.99/24`;
    const object = router('partner', ip);
    const spec = { ...object.spec, addresses: [{ ip, gateway: ip.replace('99/24', '1') }] };
    await createObject(connection, kinds.egressRouter, { ...object, spec }, { namespace: name, signal });
  }
}
