import type { DeployPlan, DeployResult } from '#cluster/api.ts';
import { pathText } from '#core/path-text.ts';
import { formatReport, withoutOk } from '../findings.ts';
import { formatData, formatPlan } from '../format.ts';
import type { Io } from '../io.ts';
import { UsageError } from '../io.ts';
import { readRouterDocuments } from '../router-documents.ts';
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
import { clusterOptions, clusterUsage, outputs, withSession } from '../session.ts';
import { readArgs, readFormat, type Verb } from '../verb.ts';

export const deploy: Verb = {
  usage: `Usage: egress-router deploy FILE...|- [options]

Checks the EgressRouter documents of the files, shows what applying them changes, applies them and waits until
each router has its pod and its interface. Documents of other kinds are left alone.

${runUsage}
${waitUsage}
${forceUsage}
${clusterUsage}`,
  run: async (args, io) => {
    const { values, positionals } = readArgs(args, {
      ...clusterOptions,
      ...runOptions,
      ...waitOptions,
      ...forceOptions,
    });
    const format = readFormat(values.output, outputs);
    if (positionals.length === 0) throw new UsageError('Name a file, or - for standard input.');
    const { documents, told, hasErrors } = await readRouterDocuments(positionals, io);
    if (hasErrors) {
      io.stderr('Nothing was deployed: correct the errors first.\n');
      return 1;
    }
    const run = { ...toRunOptions(io), ...toWaitOptions(values) };
    return withSession(values, io, async (session) => {
      const plan = await session.planDeploy(documents, { signal: io.signal });
      showRemarks(plan, told, io);
      if (plan.refused.length > 0) return 1;
      if (plan.items.length === 0) {
        io.stderr('There is no EgressRouter to deploy.\n');
        return 1;
      }
      if (values['dry-run'] === true) {
        io.stdout(format === 'table' ? `${formatPlan(plan)}\n` : formatData(plan, format));
        return 0;
      }
      io.stderr(`${formatPlan(plan)}\n`);
      const result = await session.deploy(plan, { ...run, force: values.force === true });
      io.stdout(format === 'table' ? formatResult(result) : formatData(result, format));
      return result.routers.some(({ outcome }) => outcome.kind === 'failed') ? 1 : 0;
    });
  },
};

/** What lint has `told`, with lines, is not told again. */
function showRemarks(plan: DeployPlan, told: ReadonlySet<string>, io: Io): void {
  for (const { source, kind } of plan.skipped) io.stderr(`${source}: ${kind} is left alone.\n`);
  for (const { source, problems } of plan.warnings) {
    for (const { severity, message } of problems.filter((problem) => !told.has(problem.message))) {
      io.stderr(`${source}: ${severity}: ${message}\n`);
    }
  }
  io.stderr(formatReport(withoutOk(plan.preflight)));
  for (const { source, problems } of plan.refused) {
    for (const { path, message } of problems) io.stderr(`${source}: ${pathText(path)}: ${message}\n`);
  }
}

function formatResult({ routers }: DeployResult): string {
  return routers
    .map(({ object, outcome }) => {
      const end = outcome.kind === 'failed' ? `failed: ${outcome.message}` : outcome.kind;
      return `${object.namespace}/${object.name} ${end}\n`;
    })
    .join('');
}
