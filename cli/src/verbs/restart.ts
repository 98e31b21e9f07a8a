import { formatData } from '../format.ts';
import { toRunOptions, toWaitOptions, waitOptions, waitUsage } from '../run-options.ts';
import { clusterOptions, clusterUsage, outputs, withSession } from '../session.ts';
import { readArgs, readFormat, readName, readOne, type Verb } from '../verb.ts';

export const restart: Verb = {
  usage: `Usage: egress-router restart NAME [options]

Gives the router a new pod, which starts when the old one has given the address back. Connections through the router
end.

${waitUsage}
${clusterUsage}`,
  run: async (args, io) => {
    const { values, positionals } = readArgs(args, { ...clusterOptions, ...waitOptions });
    const format = readFormat(values.output, outputs);
    const name = readName('an egress router', readOne('an egress router', positionals));
    const run = { ...toRunOptions(io), ...toWaitOptions(values) };
    return withSession(values, io, async (session) => {
      const { namespace } = session;
      const result = await session.restart({ namespace, name }, run);
      const { outcome } = result;
      const said = outcome.kind === 'failed' ? `failed: ${outcome.message}` : outcome.kind;
      io.stdout(format === 'table' ? `${namespace}/${name} ${said}\n` : formatData(result, format));
      return outcome.kind === 'failed' ? 1 : 0;
    });
  },
};
