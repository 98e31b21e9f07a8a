import type { RestartPlan, RestartResult } from '#cluster/api.ts';
import { refText } from '#cluster/object-ref.ts';
import { formatData } from '../format.ts';
import { inOneLine, oneLine } from '../printable.ts';
import { runOptions, runUsage, toRunOptions, toWaitOptions, waitOptions, waitUsage } from '../run-options.ts';
import { clusterOptions, clusterUsage, outputs, withSession } from '../session.ts';
import { readArgs, readFormat, readName, readOne, type Verb } from '../verb.ts';

export const restart: Verb = {
  usage: `Usage: egress-router restart NAME [options]

Gives the router a new pod, which starts when the old one has given the address back. Connections through the router
end.

${runUsage}
${waitUsage}
${clusterUsage}`,
  run: async (args, io) => {
    const { values, positionals } = readArgs(args, { ...clusterOptions, ...runOptions, ...waitOptions });
    const format = readFormat(values.output, outputs);
    const name = readName('an egress router', readOne('an egress router', positionals));
    const run = { ...toRunOptions(io), ...toWaitOptions(values) };
    return withSession(values, io, async (session) => {
      const { namespace } = session;
      if (values['dry-run'] === true) {
        const plan = await session.planRestart({ namespace, name }, io.signal);
        io.stdout(format === 'table' ? formatPlan(plan) : formatData(plan, format));
        return 0;
      }
      const result = await session.restart({ namespace, name }, run);
      const { outcome } = result;
      const said = formatOutcome(outcome);
      io.stdout(format === 'table' ? `${namespace}/${name} ${said}\n` : formatData(result, format));
      return outcome.kind === 'failed' || outcome.kind === 'unfollowed' ? 1 : 0;
    });
  },
};

function formatPlan({ deployment, replaced }: RestartPlan): string {
  return [
    `restart   ${inOneLine(refText(deployment))}\n`,
    ...replaced.map((pod) => `replace   ${inOneLine(refText(pod))}\n`),
  ].join('');
}

function formatOutcome(outcome: RestartResult['outcome']): string {
  switch (outcome.kind) {
    case 'failed':
      return `failed: ${oneLine(outcome.message)}`;
    case 'unfollowed':
      return `restarted, but cannot be followed: ${oneLine(outcome.message)}`;
    case 'ready':
      return outcome.message === undefined ? 'ready' : `ready: ${oneLine(outcome.message)}`;
    default:
      return outcome.kind;
  }
}
