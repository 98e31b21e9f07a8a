import type { RemovePlan } from '#cluster/api.ts';
import { refText } from '#cluster/object-ref.ts';
import { confirmOptions, refusalOfDeletion } from '../confirm-deletion.ts';
import { formatData } from '../format.ts';
import { UsageError } from '../io.ts';
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
import { readArgs, readFormat, type Verb } from '../verb.ts';

export const uninstall: Verb = {
  usage: `Usage: egress-router uninstall [options]

Shows what there is of the agent, what goes and what stays, asks once, takes the plugin from the nodes and deletes
the rest part by part. Routers stay; while there are any, the plugin and the resource stay as well. Without a
terminal nothing is asked: then --yes is needed. In a context that one of the patterns of
$EGRESS_ROUTER_PROTECTED_CONTEXTS names, the name of the context has to be typed, or given to --confirm.

  -y, --yes              really remove
      --confirm CONTEXT  really remove, also from a protected context
      --with-crd         delete the resource as well, where no router is left
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
      'with-crd': { type: 'boolean' },
    });
    const format = readFormat(values.output, outputs);
    if (positionals.length > 0) throw new UsageError(`uninstall takes no "${positionals[0]}".`);
    const withCrd = values['with-crd'] === true;
    const run = { ...toRunOptions(io), ...toWaitOptions(values), withCrd };
    return withSession({ ...values, isClusterWide: true }, io, async (session) => {
      const plan = await session.planRemove({ signal: io.signal });
      const shown = formatRemoval(plan, withCrd);
      const isNothing = plan.objects.length === 0 && (plan.crd === undefined || !withCrd);
      if (values['dry-run'] === true) {
        io.stdout(format === 'table' ? shown : formatData(plan, format));
        if (isNothing) io.stderr(nothingText);
        return 0;
      }
      io.stderr(shown);
      if (isNothing) {
        io.stderr(nothingText);
        return 0;
      }
      const { context } = session;
      const question = `Remove the agent from context ${context}, namespace ${plan.namespace}?`;
      const refused = await refusalOfDeletion(values, { question, context, name: context }, io);
      if (refused !== undefined) {
        io.stderr(`Nothing was removed. ${refused}\n`);
        return 1;
      }
      const result = await session.remove(plan, run);
      if (format !== 'table') io.stdout(formatData(result, format));
      if (run.wait) {
        for (const { object, why } of result.residue)
          io.stderr(`still there: ${inOneLine(`${refText(object)}: ${why}`)}\n`);
      }
      const stays = result.stays ?? [];
      for (const { object, why } of stays) io.stderr(`stays: ${refText(object)}: ${why}\n`);
      if ((run.wait && result.residue.length > 0) || stays.length > 0) return 1;
      if (format === 'table') io.stdout(`agent ${run.wait ? 'gone' : 'being removed'}\n`);
      return 0;
    });
  },
};

const nothingText = 'There is nothing of the agent to remove.\n';

function formatRemoval({ objects, crd, routers, plugin, stays }: RemovePlan, withCrd: boolean): string {
  const doomed = [...objects, ...(withCrd && crd !== undefined ? [crd] : [])];
  const kept = [
    ...(plugin.kind === 'kept' ? [`the plugin on the nodes: ${plugin.why}`] : []),
    ...routers.map(
      ({ namespace, name }) => `EgressRouter ${namespace}/${name}: nothing acts on it any more.`,
    ),
    ...stays.map(({ object, why }) => `${refText(object)}: ${why}`),
    ...(crd !== undefined && !withCrd ? [`${refText(crd)}: say --with-crd to delete it.`] : []),
  ];
  return [
    ...(plugin.kind === 'removed' ? ['goes      the plugin on the nodes\n'] : []),
    ...doomed.map((object) => `goes      ${inOneLine(refText(object))}\n`),
    ...kept.map((text) => `stays     ${inOneLine(text)}\n`),
  ].join('');
}
