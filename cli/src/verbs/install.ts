import type { InstallPlan, InstallResult } from '#cluster/api.ts';
import { refText } from '#cluster/object-ref.ts';
import { operatorNamespace } from '#core/manifest/names.ts';
import { formatData, formatPlan } from '../format.ts';
import { UsageError } from '../io.ts';
import { oneLine } from '../printable.ts';
import {
  forceOptions,
  forceUsage,
  runOptions,
  runUsage,
  toRunOptions,
  toWaitOptions,
  waitOptions,
  waitUsage,
} from '../run-options.ts';
import { clusterOptions, clusterUsageOf, outputs, withSession } from '../session.ts';
import { readArgs, readFormat, type Verb } from '../verb.ts';

export const install: Verb = {
  usage: `Usage: egress-router install --image REFERENCE [options]

For a cluster without the Cluster Network Operator: installs the resource, the permissions, the operator and the
nodes' part after a dry run of each object, and waits until all of it is up. With --dry-run and -o yaml the objects
are printed as they would be applied.

      --image REFERENCE  of the agent, where the nodes pull it from
${runUsage}
${waitUsage}
${forceUsage}
${clusterUsageOf({ namespace: `the agent's own, ${operatorNamespace}` })}`,
  run: async (args, io) => {
    const { values, positionals } = readArgs(args, {
      ...clusterOptions,
      ...runOptions,
      ...waitOptions,
      ...forceOptions,
      image: { type: 'string' },
    });
    const format = readFormat(values.output, outputs);
    const { image, namespace } = values;
    if (positionals.length > 0) throw new UsageError(`install takes no "${positionals[0]}".`);
    if (image === undefined) throw new UsageError('Name the image of the agent with --image.');
    const run = { ...toRunOptions(io), ...toWaitOptions(values), force: values.force === true };
    return withSession({ ...values, isClusterWide: namespace === undefined }, io, async (session) => {
      const plan = await session.planInstall({
        image,
        ...(namespace === undefined ? {} : { namespace }),
        signal: io.signal,
      });
      if (plan.refused !== undefined) {
        io.stderr(`Nothing was installed. ${oneLine(plan.refused)}\n`);
        return 1;
      }
      for (const warning of plan.warnings) io.stderr(`warning: ${oneLine(warning)}\n`);
      if (values['dry-run'] === true) {
        io.stdout(format === 'table' ? `${formatPlan(plan)}\n` : objectsText(plan, format));
        return plan.items.some(({ kind }) => kind === 'conflict') && !run.force ? 1 : 0;
      }
      io.stderr(`${formatPlan(plan)}\n`);
      const result = await session.install(plan, run);
      io.stdout(format === 'table' ? formatResult(result) : formatData(result, format));
      return result.parts.some(({ outcome }) => outcome.kind === 'failed') ? 1 : 0;
    });
  },
};

/** As `kubectl apply` takes them. */
function objectsText({ items }: InstallPlan, format: 'json' | 'yaml'): string {
  const objects = items.map(({ wanted }) => wanted);
  return format === 'json'
    ? formatData({ apiVersion: 'v1', kind: 'List', items: objects }, 'json')
    : objects.map((object) => formatData(object, 'yaml')).join('---\n');
}

function formatResult({ parts }: InstallResult): string {
  return parts
    .map(({ object, outcome }) => {
      const said = outcome.kind === 'failed' ? `failed: ${oneLine(outcome.message)}` : outcome.kind;
      return `${refText(object)} ${said}\n`;
    })
    .join('');
}
