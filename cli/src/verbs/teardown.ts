import type { TeardownPlan } from '#cluster/api.ts';
import { refText } from '#cluster/object-ref.ts';
import { formatData } from '../format.ts';
import type { Io } from '../io.ts';
import { runOptions, runUsage, toRunOptions, toWaitOptions, waitOptions, waitUsage } from '../run-options.ts';
import { clusterOptions, clusterUsage, outputs, withSession } from '../session.ts';
import { readArgs, readFormat, readName, readOne, type Verb } from '../verb.ts';

export const teardown: Verb = {
  usage: `Usage: egress-router teardown NAME --yes [options]

Shows what goes with the router; with --yes deletes it and waits until all of it is gone.

      --yes              really delete
${runUsage}
${waitUsage}
${clusterUsage}`,
  run: async (args, io) => {
    const { values, positionals } = readArgs(args, {
      ...clusterOptions,
      ...runOptions,
      ...waitOptions,
      yes: { type: 'boolean' },
    });
    const format = readFormat(values.output, outputs);
    const name = readName('an egress router', readOne('an egress router', positionals));
    const run = { ...toRunOptions(io), ...toWaitOptions(values) };
    return withSession(values, io, async (session) => {
      const plan = await session.planTeardown({ namespace: session.namespace, name }, io.signal);
      showPlan(plan, io);
      if (values['dry-run'] === true || values.yes !== true) {
        if (format !== 'table') io.stdout(formatData(plan, format));
        if (values['dry-run'] === true) return 0;
        io.stderr('Nothing was deleted. Say --yes to delete.\n');
        return 1;
      }
      const result = await session.teardown(plan, run);
      if (format !== 'table') io.stdout(formatData(result, format));
      for (const { object, why } of result.residue) io.stderr(`still there: ${refText(object)}: ${why}\n`);
      if (run.wait && result.residue.length > 0) return 1;
      if (format === 'table') io.stdout(`${session.namespace}/${name} ${run.wait ? 'gone' : 'deleted'}\n`);
      return 0;
    });
  },
};

function showPlan({ objects, stays }: TeardownPlan, io: Io): void {
  for (const object of objects) io.stderr(`goes      ${refText(object)}\n`);
  for (const { object, why } of stays) io.stderr(`stays     ${refText(object)}: ${why}\n`);
}
