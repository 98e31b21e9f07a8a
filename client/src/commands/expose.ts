import { t } from '#client/l10n.ts';
import { CommandError } from '#client/report.ts';
import { told } from '#client/told.ts';
import type { ClusterSession, ExposePlan, ExposeResult } from '#cluster/api.ts';
import type { ObjectName } from '#cluster/object-ref.ts';
import { agree } from './agree.ts';
import { type Desk, offer } from './desk.ts';
import { changesNothing, hasConflict, planLines, progressText } from './plan-text.ts';
import { findRouter } from './router.ts';
import { editService } from './service-editor.ts';

/** Gives the router a Service, and the person the address that clients call. */
export async function expose(desk: Desk, argument: unknown): Promise<void> {
  await desk.connection.use(async (session) => {
    const router = await findRouter(desk, session, argument, t`Expose which egress router?`);
    if (router === undefined) return;
    const plan = await findPlan(desk, session, router);
    if (plan === undefined) return;
    if (plan.refused !== undefined) throw new CommandError(plan.refused);
    const agreed = await agreedPlan(desk, session, plan);
    if (agreed === undefined) return;
    const shown = `${router.namespace}/${router.name}`;
    const result = await desk.dialogs.progress(t`Exposing ${shown}`, (report, signal) =>
      session.expose(agreed, {
        signal,
        force: hasConflict(agreed),
        onProgress: (progress) => {
          desk.log.info(`Expose: ${progressText(progress)}`);
          report(progressText(progress));
        },
      }),
    );
    tellAddress(desk, result, agreed);
  });
}

/** Asks for the port where the router does not tell any. */
async function findPlan(
  desk: Desk,
  session: ClusterSession,
  router: ObjectName,
): Promise<ExposePlan | undefined> {
  const look = (ports: readonly { readonly port: number; readonly protocol: string }[]) =>
    desk.dialogs.progress(t`Checking ${router.namespace}/${router.name}`, (_, signal) =>
      session.planExpose(router, { signal, ports }),
    );
  const plan = await look([]);
  if (plan.needsPort !== true) return plan;
  const answer = await desk.dialogs.ask({
    title: t`Expose ${router.name}`,
    canGoBack: false,
    prompt: t`Its fallback takes every port. Which one do clients call?`,
    placeholder: t`8443, or 8443/UDP`,
    value: '',
    offers: [],
    check: (text) =>
      readPort(text) === undefined
        ? { severity: 'error', message: t`Write a port from 1 to 65535, such as 8443 or 8443/UDP.` }
        : undefined,
  });
  const port = answer.kind === 'value' ? readPort(answer.text) : undefined;
  return port === undefined ? undefined : look([port]);
}

/** `8443`, `8443/UDP` */
function readPort(text: string): { readonly port: number; readonly protocol: string } | undefined {
  const [, digits, protocol = 'TCP'] = /^\s*([1-9][0-9]{0,4})(?:\/(tcp|udp|sctp))?\s*$/i.exec(text) ?? [];
  const port = Number(digits ?? 0);
  return port < 1 || port > 65535 ? undefined : { port, protocol: protocol.toUpperCase() };
}

/** The plan that the person agrees to: the one that is shown, or what they make of it. */
async function agreedPlan(
  desk: Desk,
  session: ClusterSession,
  first: ExposePlan,
): Promise<ExposePlan | undefined> {
  const { router } = first;
  let plan = first;
  let isEdited = false;
  while (isEdited || !changesNothing(plan)) {
    const action = hasConflict(plan) ? t`Expose and Take Over` : t`Expose`;
    const chosen = await agree(desk, {
      context: session.context,
      plan,
      other: edit,
      question: {
        isGrave: hasConflict(plan) || plan.warnings.length > 0,
        message: t`Expose ${router.name} in context ${session.context}, namespace ${router.namespace}?`,
        detail: [
          ...planLines(plan),
          ...plan.warnings.map((warning) => `⚠ ${told(warning)}`),
          '',
          t`Clients will call ${addressesText(exposedAs(plan))}.`,
        ].join('\n'),
        action,
      },
    });
    if (chosen === action) return plan;
    if (chosen !== edit) return undefined;
    const edited = await editService(desk, session, plan);
    if (edited === undefined) return undefined;
    plan = edited;
    isEdited = true;
  }
  return plan;
}

const edit = t`Edit…`;

function tellAddress(desk: Desk, { service, addresses, ports }: ExposeResult, plan: ExposePlan): void {
  const host = `${service.name}.${service.namespace ?? plan.router.namespace}.svc`;
  const calls = addressesText(ports.map(({ port, protocol }) => ({ address: `${host}:${port}`, protocol })));
  const first = ports[0] === undefined ? host : `${host}:${ports[0].port}`;
  const byIp = addresses.length === 0 ? '' : t` The Service's own address is ${addresses.join(', ')}.`;
  desk.log.info(`Expose: clients call ${calls}.${byIp}`);
  const message = [t`Clients call ${calls}.${byIp}`, ...keptLines(plan)].join(' ');
  const kind = plan.annotation === 'kept-by-operator' && plan.warnings.length > 0 ? 'warning' : 'information';
  offer(desk, message, t`Copy Address`, () => desk.dialogs.copy(first), kind);
}

/** Of a Service that nobody was asked about, as nothing of it is ours to change. */
function keptLines({ annotation, warnings }: ExposePlan): readonly string[] {
  if (annotation !== 'kept-by-operator') return [];
  return [
    t`The operator keeps the Service in step with the rules, as an annotation of the router asks.`,
    ...warnings.map(told),
  ];
}

/** For a sentence: the first few, and how many more there are. */
export function addressesText(addresses: readonly ExposedAddress[]): string {
  const shown = addresses
    .slice(0, 3)
    .map(({ address, protocol }) => `${address} (${protocol})`)
    .join(', ');
  return addresses.length > 3 ? t`${shown} and ${addresses.length - 3} more` : shown;
}

export interface ExposedAddress {
  /** `egress-a.demo.svc:8080` */
  readonly address: string;
  readonly protocol: string;
}

/** What clients call once the plan is applied. */
export function exposedAs({ items, router, unserved = [] }: ExposePlan): readonly ExposedAddress[] {
  const isServed = ({ port, protocol }: { readonly port: number; readonly protocol: string }): boolean =>
    !unserved.some((one) => one.port === port && one.protocol === protocol);
  return items.flatMap(({ wanted }) => {
    const host = `${wanted.metadata.name}.${wanted.metadata.namespace ?? router.namespace}.svc`;
    return portsOf(wanted['spec'])
      .filter(isServed)
      .map(({ port, protocol }) => ({ address: `${host}:${port}`, protocol }));
  });
}

function portsOf(spec: unknown): readonly { readonly port: number; readonly protocol: string }[] {
  if (typeof spec !== 'object' || spec === null || !('ports' in spec) || !Array.isArray(spec.ports))
    return [];
  const ports: readonly unknown[] = spec.ports;
  return ports.flatMap((entry) =>
    typeof entry === 'object' && entry !== null && 'port' in entry && typeof entry.port === 'number'
      ? [{ port: entry.port, protocol: protocolOf(entry) }]
      : [],
  );
}

/** Kubernetes takes a port that names none for TCP. */
function protocolOf(entry: object): string {
  return 'protocol' in entry && typeof entry.protocol === 'string' ? entry.protocol : 'TCP';
}
