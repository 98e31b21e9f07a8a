import { toFailure } from '#cluster/errors.ts';
import { type ExitCode, type Io, UsageError } from './io.ts';
import { nodeFault, versionText } from './program.ts';
import type { Verb } from './verb.ts';
import { deploy } from './verbs/deploy.ts';
import { expose } from './verbs/expose.ts';
import { lint } from './verbs/lint.ts';
import { preflight } from './verbs/preflight.ts';
import { render } from './verbs/render.ts';
import { status } from './verbs/status.ts';
import { teardown } from './verbs/teardown.ts';

/** The whole command line without its process. Never rejects. */
export async function run(args: readonly string[], io: Io): Promise<ExitCode> {
  const [name, ...rest] = args;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    const verb = verbs.find((known) => known.name === rest[0]);
    (name === undefined ? io.stderr : io.stdout)(`${verb?.usage ?? usage}\n`);
    return name === undefined ? 2 : 0;
  }
  if (name === '--version' || name === '-V') {
    io.stdout(`${versionText()}\n`);
    return 0;
  }
  const verb = verbs.find((known) => known.name === name);
  if (verb === undefined) {
    io.stderr(`There is no command "${name}".\n\n${usage}\n`);
    return 2;
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    io.stdout(`${verb.usage}\n`);
    return 0;
  }
  const fault = verb.usesCluster ? nodeFault(verb.name) : undefined;
  if (fault !== undefined) {
    io.stderr(`${fault}\n`);
    return 1;
  }
  try {
    return await verb.run(rest, io);
  } catch (error) {
    if (error instanceof UsageError) {
      io.stderr(`${error.message}\nSee: egress-router ${verb.name} --help\n`);
      return 2;
    }
    io.stderr(`${toFailure(error).message}\n`);
    return 1;
  }
}

const verbs: readonly Verb[] = [lint, render, preflight, deploy, expose, status, teardown];

const usage = `Usage: egress-router COMMAND [options]

${verbs.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`).join('\n')}

egress-router COMMAND --help tells more, --version which version this is. Exits 0 when done, 1 when refused or failed, 2 when called in a
wrong way.`;
