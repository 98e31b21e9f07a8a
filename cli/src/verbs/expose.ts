import { formatData, formatPlan } from '../format.ts';
import { forceOptions, forceUsage, runOptions, runUsage, toRunOptions } from '../run-options.ts';
import { clusterOptions, clusterUsage, outputs, withSession } from '../session.ts';
import { readArgs, readFormat, readName, readOne, type Verb } from '../verb.ts';

export const expose: Verb = {
  usage: `Usage: egress-router expose NAME [options]

Makes a Service of the router's name with a port for each rule, or brings it in step with the rules.

${runUsage}
${forceUsage}
${clusterUsage}`,
  run: async (args, io) => {
    const { values, positionals } = readArgs(args, {
      ...clusterOptions,
      ...runOptions,
      ...forceOptions,
    });
    const format = readFormat(values.output, outputs);
    const name = readName('an egress router', readOne('an egress router', positionals));
    return withSession(values, io, async (session) => {
      const router = { namespace: session.namespace, name };
      const plan = await session.planExpose(router, { signal: io.signal });
      if (plan.refused !== undefined) {
        io.stderr(`${plan.refused}\n`);
        return 1;
      }
      io.stderr(`${formatPlan(plan)}\n`);
      if (values['dry-run'] === true) {
        if (format !== 'table') io.stdout(formatData(plan, format));
        return 0;
      }
      const result = await session.expose(plan, { ...toRunOptions(io), force: values.force === true });
      const host = `${result.service.name}.${result.service.namespace}.svc`;
      const calls = result.ports.map(({ protocol, port }) => `${host}:${port} (${protocol})`).join(', ');
      io.stdout(
        format === 'table'
          ? `Clients call ${calls}${result.address === undefined ? '' : `, address ${result.address}`}.\n`
          : formatData(result, format),
      );
      return 0;
    });
  },
};
