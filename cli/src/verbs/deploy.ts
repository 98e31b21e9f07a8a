import type {
  ClusterSession,
  DeployPlan,
  DeployResult,
  RouterOutcome,
  RunOptions,
  WaitOptions,
} from '#cluster/api.ts';
import type { RouterView } from '#cluster/view.ts';
import { pathText } from '#core/path-text.ts';
import type { Called } from '../advised-command.ts';
import { confirm } from '../ask.ts';
import { formatReport, hasErrors, remarksOf } from '../findings.ts';
import { formatData, formatPlan } from '../format.ts';
import { type ExitCode, type Io, UsageError } from '../io.ts';
import { shownPath } from '../lint/report-text.ts';
import { nextSteps } from '../next-steps.ts';
import { oneLine } from '../printable.ts';
import { readRouterDocuments, refuseOtherNamespace } from '../router-documents.ts';
import {
  filenameOptions,
  forceOptions,
  forceUsage,
  nicOptions,
  nicUsage,
  readRoutersPerNic,
  runOptions,
  runUsage,
  toRunOptions,
  toWaitOptions,
  waitOptions,
  waitUsage,
  yesOptions,
} from '../run-options.ts';
import { clusterOptions, clusterUsage, outputs, withSession } from '../session.ts';
import { skippedText } from '../skipped.ts';
import { toComeOf } from '../to-come.ts';
import { readArgs, readFormat, type Verb } from '../verb.ts';

export const deploy: Verb = {
  usage: `Usage: egress-router deploy [-f] FILE...|- [options]

Checks the EgressRouter documents of the files, shows what applying them changes and what preflight finds, applies
them and waits until each router has its pod and its interface, with the change in force. Documents of other kinds
are left alone. Where others own a field, preflight finds an error, or only a new pod takes up a change, the
terminal asks; without one nothing is asked, and the deploy is refused unless an option below allows it.

  -f, --filename FILE|-  as FILE. May be given several times
  -y, --yes              deploy in spite of errors that preflight finds
      --restart          give routers a new pod where only that takes up the change
${runUsage}
${waitUsage}
${forceUsage}
${nicUsage}
${clusterUsage}`,
  run: async (args, io) => {
    const { values, positionals } = readArgs(args, {
      ...clusterOptions,
      ...runOptions,
      ...waitOptions,
      ...forceOptions,
      ...yesOptions,
      ...nicOptions,
      ...filenameOptions,
      restart: { type: 'boolean' },
    });
    const format = readFormat(values.output, outputs);
    const paths = [...(values.filename ?? []), ...positionals];
    if (paths.length === 0) throw new UsageError('Name a file, or - for standard input.');
    const run = { ...toRunOptions(io), ...toWaitOptions(values) };
    const ask = { signal: io.signal, ...readRoutersPerNic(values['routers-per-nic']) };
    const read = await readRouterDocuments(paths, 'deploy', io, values);
    refuseOtherNamespace(read.documents, values.namespace);
    if (read.hasErrors) {
      io.stderr('Nothing was deployed: correct the errors first.\n');
      return 1;
    }
    return withSession(values, io, async (session) => {
      const plan = await session.planDeploy(read.documents, ask);
      const called = { ...values, program: io.program };
      showRemarks(plan, read.told, { io, called });
      if (plan.refused.length > 0) return 1;
      if (plan.items.length === 0) {
        io.stderr('There is no EgressRouter to deploy.\n');
        return 1;
      }
      if (values['dry-run'] === true) {
        io.stdout(
          format === 'table'
            ? `${formatPlan(plan, (wanted) => toComeOf(plan, wanted))}\n`
            : formatData(plan, format),
        );
        return mayNot(plan, values) ? 1 : 0;
      }
      io.stderr(`${formatPlan(plan, (wanted) => toComeOf(plan, wanted))}\n`);
      const agreed = await agree(plan, values, session, io);
      if (agreed === undefined) return 1;
      const result = await session.deploy(plan, { ...run, ...agreed });
      const final = await restartStale(session, result, { run, isAsked: values.restart, io });
      io.stdout(format === 'table' ? formatResult(final) : formatData(final, format));
      if (format === 'table') {
        const { documents } = read;
        const views = await readViews(session, plan, final, io.signal);
        io.stderr(nextSteps(plan, final, { documents, views, called }));
      }
      return exitCodeOf(final);
    });
  },
};

/** Of the routers that have changed and are up; none where they may not be looked at. */
async function readViews(
  session: ClusterSession,
  { items }: DeployPlan,
  { routers }: DeployResult,
  signal: AbortSignal,
): Promise<readonly RouterView[]> {
  const changed = items.filter(({ kind }) => kind !== 'unchanged');
  const namespaces = new Set(changed.map(({ wanted }) => wanted.metadata.namespace ?? session.namespace));
  const [namespace, ...others] = namespaces;
  if (namespace === undefined || routers.every(({ outcome }) => outcome.kind !== 'ready')) return [];
  try {
    return (await session.status(others.length > 0 ? {} : { namespace }, signal)).routers;
  } catch {
    // The deploy is done: what comes next is only said where it can be seen.
    return [];
  }
}

interface Allowed {
  readonly force?: boolean | undefined;
  readonly yes?: boolean | undefined;
}

function hasConflict({ items }: DeployPlan): boolean {
  return items.some(({ kind }) => kind === 'conflict');
}

/** Without anybody to ask. */
function mayNot(plan: DeployPlan, { force, yes }: Allowed): boolean {
  return (hasConflict(plan) && force !== true) || (hasErrors(plan.preflight) && yes !== true);
}

/** @returns undefined where it is not to be deployed, which has been said */
async function agree(
  plan: DeployPlan,
  { force, yes }: Allowed,
  { context }: ClusterSession,
  io: Io,
): Promise<{ readonly force: boolean } | undefined> {
  if (
    hasErrors(plan.preflight) &&
    !(await confirm(io, `Deploy to context ${context} in spite of these errors?`, yes))
  ) {
    io.stderr(
      'Nothing was deployed: preflight finds errors. Mend them, or say --yes to deploy all the same.\n',
    );
    return undefined;
  }
  if (!hasConflict(plan)) return { force: force === true };
  if (await confirm(io, 'Others own these fields. Take them over?', force)) return { force: true };
  io.stderr(
    'Nothing was deployed: others own fields of it. Agree on one owner, or say --force to take over.\n',
  );
  return undefined;
}

async function restartStale(
  session: ClusterSession,
  { routers }: DeployResult,
  {
    run,
    isAsked,
    io,
  }: { readonly run: RunOptions & WaitOptions; readonly isAsked: boolean | undefined; readonly io: Io },
): Promise<DeployResult> {
  const done: DeployResult['routers'][number][] = [];
  for (const router of routers) {
    const { object, outcome } = router;
    if (outcome.kind !== 'stale-rules') {
      done.push(router);
      continue;
    }
    const name = { namespace: object.namespace ?? session.namespace, name: object.name };
    const question = `${name.namespace}/${name.name} needs a new pod to take up the change, and ends its connections for that. Restart it now?`;
    const isWanted = await confirm(io, question, isAsked);
    done.push(isWanted ? { object, outcome: (await session.restart(name, run)).outcome } : router);
  }
  return { routers: done };
}

function exitCodeOf({ routers }: DeployResult): ExitCode {
  return routers.every(({ outcome }) => outcome.kind === 'ready' || outcome.kind === 'applied') ? 0 : 1;
}

/** What lint has `told`, with lines, is not told again. */
function showRemarks(
  plan: DeployPlan,
  told: ReadonlySet<string>,
  { io, called }: { readonly io: Io; readonly called: Called },
): void {
  const say = (text: string): void => io.stderr(`${shownPath(text)}\n`);
  for (const skipped of plan.skipped) say(skippedText(skipped, called));
  for (const { source, problems } of plan.warnings) {
    for (const { severity, message } of problems.filter((problem) => !told.has(problem.message))) {
      say(`${source}: ${severity}: ${message}`);
    }
  }
  io.stderr(formatReport(remarksOf(plan)));
  for (const { source, problems } of plan.refused) {
    for (const { path, message } of problems) say(`${source}: ${pathText(path)}: ${message}`);
  }
}

function formatResult({ routers }: DeployResult): string {
  return routers
    .map(({ object, outcome }) => `${object.namespace}/${object.name} ${formatOutcome(outcome)}\n`)
    .join('');
}

function formatOutcome(outcome: RouterOutcome): string {
  switch (outcome.kind) {
    case 'ready':
      return outcome.message === undefined ? 'ready' : `ready: ${oneLine(outcome.message)}`;
    case 'applied':
      return 'applied';
    case 'stale-rules':
      return `keeps its old rules: ${oneLine(outcome.message)} With --restart, deploy does.`;
    case 'unfollowed':
      return `applied, but cannot be followed: ${oneLine(outcome.message)} With --no-wait, deploy does not wait.`;
    case 'failed':
      return `failed: ${oneLine(outcome.message)}`;
  }
}
