import type { TeardownPlan } from '#cluster/api.ts';
import { refText } from '#cluster/object-ref.ts';
import { confirmOptions, refusalOfDeletion } from '../confirm-deletion.ts';
import { formatData } from '../format.ts';
import { inOneLine } from '../printable.ts';
import {
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

Shows what goes with the router, asks once, deletes it and waits until all of it is gone. Without a terminal nothing
is asked: then --yes is needed. In a context that one of the patterns of $EGRESS_ROUTER_PROTECTED_CONTEXTS names
(separated by commas, with * for any characters), the router's name has to be typed, or given to --confirm.

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
    });
    const format = readFormat(values.output, outputs);
    const name = readName('an egress router', readOne('an egress router', positionals));
    const run = { ...toRunOptions(io), ...toWaitOptions(values) };
    return withSession(values, io, async (session) => {
      const plan = await session.planTeardown({ namespace: session.namespace, name }, io.signal);
      if (values['dry-run'] === true) {
        io.stdout(format === 'table' ? formatTeardown(plan) : formatData(plan, format));
        return 0;
      }
      io.stderr(formatTeardown(plan));
      const { namespace, context } = session;
      const question = `Tear down ${name} in context ${context}, namespace ${namespace}?`;
      const refused = await refusalOfDeletion(values, { question, context, name }, io);
      if (refused !== undefined) {
        io.stderr(`Nothing was deleted. ${refused}\n`);
        return 1;
      }
      const result = await session.teardown(plan, run);
      if (format !== 'table') io.stdout(formatData(result, format));
      if (run.wait) {
        for (const { object, why } of result.residue)
          io.stderr(`still there: ${inOneLine(`${refText(object)}: ${why}`)}\n`);
      }
      for (const { object, why } of result.stays ?? [])
        io.stderr(`stays: ${inOneLine(`${refText(object)}: ${why}`)}\n`);
      const { unseen = [] } = result;
      if (run.wait && unseen.length > 0) {
        io.stderr(
          `not looked at: ${unseen.join(', ')} in namespace ${namespace}: you may not list them, so one of the router may still be there.\n`,
        );
      }
      if (run.wait && result.residue.length > 0) return 1;
      if (format === 'table') io.stdout(`${session.namespace}/${name} ${run.wait ? 'gone' : 'deleted'}\n`);
      return 0;
    });
  },
};

function formatTeardown({ objects, stays, unseen }: TeardownPlan): string {
  return [
    ...objects.map((object) => `goes      ${inOneLine(refText(object))}\n`),
    ...stays.map(({ object, why }) => `stays     ${inOneLine(`${refText(object)}: ${why}`)}\n`),
    ...(unseen.length === 0 ? [] : [`unseen    ${unseen.join(', ')}: you may not list them.\n`]),
  ].join('');
}
