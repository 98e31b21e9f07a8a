import { existsSync } from 'node:fs';
import type { ClusterSession, TeardownPlan, TeardownResult } from '#cluster/api.ts';
import { ClusterError } from '#cluster/errors.ts';
import { type ObjectName, refText } from '#cluster/object-ref.ts';
import { confirmOptions, type Deletion, refusalOfDeletion } from '../confirm-deletion.ts';
import { formatData } from '../format.ts';
import { type Io, UsageError } from '../io.ts';
import { type NamedInFiles, type NamedRouter, readNamedRouters } from '../named-routers.ts';
import { inOneLine } from '../printable.ts';
import {
  filenameOptions,
  runOptions,
  runUsage,
  toRunOptions,
  toWaitOptions,
  waitOptions,
  waitUsage,
  yesOptions,
} from '../run-options.ts';
import { clusterOptions, clusterUsage, outputs, withSession } from '../session.ts';
import { readArgs, readFormat, readName, readOne, type Verb } from '../verb.ts';

export const teardown: Verb = {
  usage: `Usage: egress-router teardown NAME [options]
       egress-router teardown -f FILE|- [options]

Shows what goes with the router, asks once, deletes it and waits until all of it is gone. Without a terminal nothing
is asked: then --yes is needed. In a context that one of the patterns of $EGRESS_ROUTER_PROTECTED_CONTEXTS names
(separated by commas, with * for any characters), the router's name has to be typed, or given to --confirm; of several
routers, the name of the context.

  -f, --filename FILE|-  every EgressRouter of a file, or of a folder and all below it, in place of a name.
                         May be given several times
  -y, --yes              really delete
      --confirm NAME     really delete, also in a protected context
${runUsage}
${waitUsage}
${clusterUsage}`,
  run: async (args, io) => {
    const { values, positionals } = readArgs(args, {
      ...clusterOptions,
      ...runOptions,
      ...waitOptions,
      ...yesOptions,
      ...confirmOptions,
      ...filenameOptions,
    });
    const format = readFormat(values.output, outputs);
    const files = values.filename;
    const named =
      files === undefined
        ? { routers: [readNamed(positionals)], services: [] }
        : await readFrom(files, positionals, values, io);
    const run = { ...toRunOptions(io), ...toWaitOptions(values) };
    /** Of files a list, however many routers they hold. */
    const show = (all: readonly unknown[]): void =>
      io.stdout(formatData(files === undefined ? all[0] : all, format === 'table' ? 'json' : format));
    return withSession(values, io, async (session) => {
      const routers = placedIn(session.namespace, named.routers);
      const services = placedIn(session.namespace, named.services);
      const plans = await plansOf(session, { routers, services, mayBeGone: files !== undefined }, io);
      const [first] = plans;
      if (first === undefined) return 1;
      const text = plans.map(formatTeardown).join('');
      if (values['dry-run'] === true) {
        if (format === 'table') io.stdout(text);
        else show(plans);
        return 0;
      }
      io.stderr(text);
      const refused = await refusalOfDeletion(values, questionOf(session, first, plans), io);
      if (refused !== undefined) {
        io.stderr(`Nothing was deleted. ${refused}\n`);
        return 1;
      }
      const results: TeardownResult[] = [];
      try {
        for (const plan of plans) {
          const result = await session.teardown(plan, run);
          results.push(result);
          tellLeft(result, plan.router, run.wait, io);
          const { namespace, name } = plan.router;
          const isGone = !run.wait || result.residue.length === 0;
          if (format === 'table' && isGone)
            io.stdout(`${namespace}/${name} ${run.wait ? 'gone' : 'deleted'}\n`);
        }
      } finally {
        // Also where a later one fails: what is gone is gone.
        if (format !== 'table' && results.length > 0) show(results);
      }
      return run.wait && results.some(({ residue }) => residue.length > 0) ? 1 : 0;
    });
  },
};

function readNamed(positionals: readonly string[]): NamedRouter {
  const name = readOne('an egress router', positionals);
  // No name that could be one is refused for how it looks.
  if (name === '-' || (/[./]/.test(name) && existsSync(name))) {
    throw new UsageError(`To tear down what a file holds, say -f ${name}.`);
  }
  return { name: readName('an egress router', name) };
}

async function readFrom(
  files: readonly string[],
  positionals: readonly string[],
  { namespace: wanted }: { readonly namespace?: string | undefined },
  io: Io,
): Promise<NamedInFiles> {
  if (positionals.length > 0) throw new UsageError('Name a router, or files with -f, and not both.');
  const { routers, services } = await readNamedRouters(files, io);
  if (routers.length === 0)
    throw new UsageError(`There is no EgressRouter in ${inOneLine(files.join(', '))}.`);
  const other = routers.find(({ namespace = wanted }) => wanted !== undefined && namespace !== wanted);
  if (other === undefined) return { routers, services };
  throw new UsageError(
    `EgressRouter ${other.name} is of namespace ${other.namespace}, and -n says ${wanted}. Leave out -n, or the namespace in the manifest.`,
  );
}

/** Each once: the same may be named with its namespace and without. */
function placedIn(place: string, named: readonly NamedRouter[]): readonly ObjectName[] {
  const routers = named.map(({ name, namespace = place }) => ({ name, namespace }));
  return [...new Map(routers.map((router) => [`${router.namespace}/${router.name}`, router])).values()];
}

interface Doomed {
  readonly routers: readonly ObjectName[];
  /** Of the same files. */
  readonly services: readonly ObjectName[];
  readonly mayBeGone: boolean;
}

/** Each is told of once: of the router whose name it bears, or else the first of its namespace. */
function meantFor(service: ObjectName, routers: readonly ObjectName[]): ObjectName | undefined {
  const near = routers.filter(({ namespace }) => namespace === service.namespace);
  return near.find(({ name }) => name === service.name) ?? near[0];
}

/** What a file holds may have been torn down before; a name that was typed may be mistyped. */
async function plansOf(
  session: ClusterSession,
  { routers, services, mayBeGone }: Doomed,
  io: Io,
): Promise<readonly TeardownPlan[]> {
  const plans: TeardownPlan[] = [];
  for (const router of routers) {
    const beside = services.filter((service) => meantFor(service, routers) === router);
    try {
      plans.push(await session.planTeardown(router, io.signal, { beside: beside.map(({ name }) => name) }));
    } catch (error) {
      if (!mayBeGone || !ClusterError.is(error, 'not-found')) throw error;
      io.stderr(`${router.namespace}/${router.name} is not there.\n`);
    }
  }
  return plans;
}

/** Of several routers no single name would do: then a protected context takes its own. */
function questionOf(
  { context }: ClusterSession,
  { router: { name, namespace } }: TeardownPlan,
  plans: readonly TeardownPlan[],
): Deletion {
  if (plans.length === 1) {
    return { question: `Tear down ${name} in context ${context}, namespace ${namespace}?`, context, name };
  }
  const names = plans.map(({ router }) => `${router.namespace}/${router.name}`).join(', ');
  const question = `Tear down ${plans.length} routers in context ${context}: ${names}?`;
  return { question, context, name: context };
}

function tellLeft(
  { residue, stays = [], unseen = [] }: TeardownResult,
  { namespace }: ObjectName,
  hasWaited: boolean,
  io: Io,
): void {
  for (const { object, why } of hasWaited ? residue : []) {
    io.stderr(`still there: ${inOneLine(`${refText(object)}: ${why}`)}\n`);
  }
  for (const { object, why } of stays) io.stderr(`stays: ${inOneLine(`${refText(object)}: ${why}`)}\n`);
  if (!hasWaited || unseen.length === 0) return;
  io.stderr(
    `not looked at: ${unseen.join(', ')} in namespace ${namespace}: you may not list them, so one of the router may still be there.\n`,
  );
}

function formatTeardown({ objects, stays, unseen }: TeardownPlan): string {
  return [
    ...objects.map((object) => `goes      ${inOneLine(refText(object))}\n`),
    ...stays.map(({ object, why }) => `stays     ${inOneLine(`${refText(object)}: ${why}`)}\n`),
    ...(unseen.length === 0 ? [] : [`unseen    ${unseen.join(', ')}: you may not list them.\n`]),
  ].join('');
}
