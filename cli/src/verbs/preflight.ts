import { formatData } from '../format.ts';
import { UsageError } from '../io.ts';
import { clusterOptions, clusterUsage, outputs, withSession } from '../session.ts';
import { readArgs, readFormat, type Verb } from '../verb.ts';

export const preflight: Verb = {
  usage: `Usage: egress-router preflight [options]

Looks for what routers need: their CustomResourceDefinition, Multus, an operator, and your permissions.
Exits 1 when something is missing.

${clusterUsage}`,
  run: async (args, io) => {
    const { values, positionals } = readArgs(args, {
      ...clusterOptions,
    });
    if (positionals.length > 0) throw new UsageError('preflight takes no names.');
    const format = readFormat(values.output, outputs);
    return withSession(values, io, async (session) => {
      const report = await session.preflight(undefined, io.signal);
      io.stdout(
        format === 'table'
          ? report.findings.map(({ verdict, message }) => `${verdict.padEnd(8)} ${message}\n`).join('')
          : formatData(report, format),
      );
      return report.findings.some(({ verdict }) => verdict === 'error') ? 1 : 0;
    });
  },
};
