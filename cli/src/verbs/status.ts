import type { ClusterSession } from '#cluster/api.ts';
import type { ObjectName } from '#cluster/object-ref.ts';
import type { RouterView } from '#cluster/view.ts';
import type { Called } from '../advised-command.ts';
import { exposeAdvice } from '../expose-advice.ts';
import { formatData, formatTable } from '../format.ts';
import { type Io, UsageError } from '../io.ts';
import { inOneLine, oneLine } from '../printable.ts';
import { toWaitOptions, waitOptions } from '../run-options.ts';
import { clusterOptions, clusterUsageOf, withSession } from '../session.ts';
import { readArgs, readFormat, readName, readOne, type Verb } from '../verb.ts';

export const status: Verb = {
  usage: `Usage: egress-router status [NAME] [options]

Shows the routers of the namespace, or one of them with what its Events warn of. With NAME, exits 1 unless that
router is up; with --wait as well, unless what is stored of it now is in force before the time is over.

  -A, --all-namespaces
      --wait             wait until NAME is up, with its last change in force
      --timeout TIME     of waiting, such as 90s or 5m; 0 looks once (default: 2m)
${clusterUsageOf({ formats: 'wide (with the pods), json or yaml' })}`,
  run: async (args, io) => {
    const { values, positionals } = readArgs(args, {
      ...clusterOptions,
      'all-namespaces': { type: 'boolean', short: 'A' },
      ...waitOptions,
    });
    const format = readFormat(values.output, ['table', 'wide', 'json', 'yaml']);
    const name =
      positionals.length === 0
        ? undefined
        : readName('an egress router', readOne('an egress router', positionals));
    const { wait, timeoutMs } = toWaitOptions({ ...values, wait: values.wait === true });
    if (wait && name === undefined) throw new UsageError('Name the router that --wait waits for.');
    const isOfAll = values['all-namespaces'] === true;
    return withSession({ ...values, isClusterWide: isOfAll }, io, async (session) => {
      const isInForce =
        !wait ||
        name === undefined ||
        (await untilInForce(session, { namespace: session.namespace, name }, { timeoutMs, io }));
      const { routers, scope } = await session.status(
        {
          ...(isOfAll ? {} : { namespace: session.namespace }),
          ...(name === undefined ? {} : { name }),
          withAllObjects: format === 'json' || format === 'yaml',
        },
        io.signal,
      );
      if (isOfAll && scope.kind === 'namespaces') {
        io.stderr(
          `You may not list all namespaces: these are those of ${scope.namespaces.join(', ')} alone.\n`,
        );
      }
      io.stderr(hiddenText(routers));
      if (format === 'json' || format === 'yaml') io.stdout(formatData({ routers }, format));
      else if (routers.length > 0) {
        io.stdout(formatTable(toTable(routers, format === 'wide')));
        if (name !== undefined) io.stdout(await readRemarks(session, routers, { ...values, ...io }));
      } else io.stderr(noneText(session.namespace, isOfAll));
      return name !== undefined && !(isInForce && routers.every(isUp)) ? 1 : 0;
    });
  },
};

/** What is missing in the table may be there. */
function hiddenText(routers: readonly RouterView[]): string {
  const lines = routers.flatMap(({ namespace, mayNotSee = [] }) =>
    mayNotSee.length === 0
      ? []
      : [
          `You may not see ${mayNotSee.join(', ')} in namespace ${namespace}: what follows is told without them.\n`,
        ],
  );
  return [...new Set(lines)].join('');
}

function noneText(namespace: string, isOfAll: boolean): string {
  return isOfAll
    ? 'There are no egress routers in any namespace that you can see.\n'
    : `There are no egress routers in namespace ${namespace}. With -A, those of all namespaces are shown.\n`;
}

/**
 * Says what it waits for; how the router is in the end is told by its status.
 *
 * @returns whether what is stored of it is in force
 */
async function untilInForce(
  session: ClusterSession,
  router: ObjectName,
  { timeoutMs, io }: { readonly timeoutMs: number; readonly io: Io },
): Promise<boolean> {
  const say = (text: string): void =>
    io.stderr(`${inOneLine(`${router.namespace}/${router.name}`)}: ${oneLine(text)}\n`);
  const outcome = await session.follow(router, {
    timeoutMs,
    signal: io.signal,
    onProgress: ({ message }) => say(message),
  });
  // One that there is not, or that may not be seen, has no status: reading it tells.
  const isTold = outcome.kind === 'failed' && outcome.reason !== 'not-found';
  if (isTold) io.stderr(`${inOneLine(outcome.message)}\n`);
  if (outcome.kind === 'ready' && outcome.message !== undefined) say(outcome.message);
  return outcome.kind === 'ready';
}

function isUp({ state }: RouterView): boolean {
  return state.kind === 'ready' || state.kind === 'simulated';
}

/** Names of pods, which are long, push what is said of a router off the screen: they are for who asks. */
export function toTable(routers: readonly RouterView[], isWide: boolean): readonly (readonly string[])[] {
  const pod = isWide ? ['POD'] : [];
  const header = ['NAMESPACE', 'NAME', 'STATE', 'ADDRESS', 'RULES', ...pod, 'SERVICE', 'MESSAGE'];
  return [header, ...routers.map((router) => toRow(router, isWide))];
}

async function readRemarks(
  session: ClusterSession,
  routers: readonly RouterView[],
  called: Called & Pick<Io, 'signal'>,
): Promise<string> {
  const advice = await exposeAdvice(session, routers, called);
  return routers.map((router) => remarksOf(router, advice.get(router), Date.now())).join('');
}

/**
 * What there is to know of one router besides its row.
 *
 * @param advice of the Service that bears its name
 * @param nowMs since the epoch
 */
export function remarksOf(
  { name: router, state, warnings, services }: RouterView,
  advice: string | undefined,
  nowMs: number,
): string {
  const remarks = [
    ...services.flatMap(({ name, outOfStep = [] }) => {
      const told = outOfStep.map((text) => `Service ${name}: ${text}`);
      return name === router && advice !== undefined ? [...told, advice] : told;
    }),
    ...warnings
      // The row of the router says it already.
      .filter(({ message }) => message === '' || !(state.message ?? '').includes(message))
      .map(({ about, reason, message, count, lastSeen }) => {
        const times = count > 1 ? [`${count} times`] : [];
        const when = [...times, ...(lastSeen === undefined ? [] : [agoText(lastSeen, nowMs)])].join(', ');
        return `${about}: ${reason}: ${message}${when === '' ? '' : ` (${when})`}`;
      }),
  ];
  return remarks.map((text) => `warning  ${oneLine(text)}\n`).join('');
}

/** `4 min ago`; clocks that differ make nothing of the future. */
function agoText(time: string, nowMs: number): string {
  const seconds = Math.max(0, Math.round((nowMs - Date.parse(time)) / 1000));
  if (Number.isNaN(seconds)) return time;
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)} h ago` : `${Math.floor(seconds / 86_400)} d ago`;
}

function toRow(
  { namespace, name, state, addresses, rules, fallbackIP, pods, services }: RouterView,
  isWide: boolean,
): readonly string[] {
  return [
    namespace,
    name,
    state.kind,
    addresses.map(({ ip }) => ip).join(','),
    [
      ...(rules.length > 0 || fallbackIP === undefined ? [rules.length] : []),
      ...(fallbackIP === undefined ? [] : ['fallback']),
    ].join('+'),
    ...(isWide ? [pods.map((pod) => pod.name).join(',') || '-'] : []),
    services.map((service) => service.name).join(',') || '-',
    [
      ...services.flatMap(({ name: service, leadsElsewhere, outOfStep = [] }) => {
        if (leadsElsewhere === true)
          return [`Service ${service} does not lead to this router: see status ${name}.`];
        return outOfStep.length === 0 ? [] : [`Service ${service} is out of step: see status ${name}.`];
      }),
      ...(state.message === undefined || state.message === '' ? [] : [state.message]),
    ].join(' '),
  ];
}
