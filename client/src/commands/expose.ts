import { CommandError } from '#client/report.ts';
import type { ExposePlan, ExposeResult } from '#cluster/api.ts';
import { refText } from '#cluster/object-ref.ts';
import { type Desk, offer } from './desk.ts';
import { changesNothing, hasConflict, planLines } from './plan-text.ts';
import { findRouter } from './router.ts';

/** Gives the router a Service, and the person the address that clients call. */
export async function expose(desk: Desk, argument: unknown): Promise<void> {
  await desk.connection.use(async (session) => {
    const router = await findRouter(desk, session, argument, 'Expose which egress router?');
    if (router === undefined) return;
    const shown = `${router.namespace}/${router.name}`;
    const plan = await desk.dialogs.progress(`Checking ${shown}`, (_, signal) =>
      session.planExpose(router, { signal }),
    );
    if (plan.refused !== undefined) throw new CommandError(plan.refused);
    if (!changesNothing(plan)) {
      const confirmed = await desk.dialogs.confirm({
        isGrave: hasConflict(plan),
        message: `Expose ${router.name} in context ${session.context}, namespace ${router.namespace}?`,
        detail: [...planLines(plan), '', `Clients will call ${addressesText(exposedAs(plan))}.`].join('\n'),
        action: hasConflict(plan) ? 'Expose and Take Over' : 'Expose',
      });
      if (!confirmed) return;
    }
    const result = await desk.dialogs.progress(`Exposing ${shown}`, (report, signal) =>
      session.expose(plan, {
        signal,
        force: hasConflict(plan),
        onProgress: ({ object, message }) => {
          desk.log.info(`Expose: ${refText(object)}: ${message}`);
          report(`${refText(object)}: ${message}`);
        },
      }),
    );
    tellAddress(desk, result, router.namespace);
  });
}

function tellAddress(desk: Desk, { service, address, ports }: ExposeResult, namespace: string): void {
  const host = `${service.name}.${service.namespace ?? namespace}.svc`;
  const calls = addressesText(ports.map(({ port, protocol }) => `${host}:${port} (${protocol})`));
  const first = ports[0] === undefined ? host : `${host}:${ports[0].port}`;
  const byIp = address === undefined ? '' : ` The Service's own address is ${address}.`;
  desk.log.info(`Expose: clients call ${calls}.${byIp}`);
  offer(desk, `Clients call ${calls}.${byIp}`, 'Copy Address', () => desk.dialogs.copy(first));
}

/** For a sentence: the first few, and how many more there are. */
export function addressesText(addresses: readonly string[]): string {
  const shown = addresses.slice(0, 3).join(', ');
  return addresses.length > 3 ? `${shown} and ${addresses.length - 3} more` : shown;
}

/** The addresses that clients call once the plan is applied: `egress-a.demo.svc:8080`. */
export function exposedAs({ items, router }: ExposePlan): readonly string[] {
  return items.flatMap(({ wanted }) => {
    const host = `${wanted.metadata.name}.${wanted.metadata.namespace ?? router.namespace}.svc`;
    return portsOf(wanted['spec']).map((port) => `${host}:${port}`);
  });
}

function portsOf(spec: unknown): readonly number[] {
  if (typeof spec !== 'object' || spec === null || !('ports' in spec) || !Array.isArray(spec.ports))
    return [];
  const ports: readonly unknown[] = spec.ports;
  return ports.flatMap((entry) =>
    typeof entry === 'object' && entry !== null && 'port' in entry && typeof entry.port === 'number'
      ? [entry.port]
      : [],
  );
}
