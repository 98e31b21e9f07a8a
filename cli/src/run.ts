import { type ExitCode, type Io, UsageError } from './io.ts';
import { inOneLine, oneLine } from './printable.ts';
import { nodeFault, programVersionText } from './program.ts';
import type { Verb } from './verb.ts';

/** The whole command line without its process. Never rejects. */
export async function run(args: readonly string[], io: Io): Promise<ExitCode> {
  const say = (text: string): string => calledAs(io.program ?? 'egress-router', text);
  const [name, ...rest] = args;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    const verb = verbs.find((known) => known.name === rest[0]);
    const text = verb === undefined ? usage : (await verb.load()).usage;
    (name === undefined ? io.stderr : io.stdout)(say(`${text}\n`));
    return name === undefined ? 2 : 0;
  }
  if (name === '--version' || name === '-V') {
    io.stdout(`egress-router ${programVersionText()}\n`);
    return 0;
  }
  const verb = verbs.find((known) => known.name === name);
  if (verb === undefined) {
    io.stderr(say(`There is no command "${inOneLine(name)}".\n\n${usage}\n`));
    return 2;
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    io.stdout(say(`${(await verb.load()).usage}\n`));
    return 0;
  }
  const fault = verb.usesCluster ? nodeFault(verb.name) : undefined;
  if (fault !== undefined) {
    io.stderr(say(`${fault}\n`));
    return 1;
  }
  try {
    return await (await verb.load()).run(rest, io);
  } catch (error) {
    if (error instanceof UsageError) {
      io.stderr(say(`${inOneLine(error.message)}\nSee: egress-router ${verb.name} --help\n`));
      return 2;
    }
    const { toFailure } = await import('#cluster/errors.ts');
    io.stderr(`${oneLine(toFailure(error).message)}\n`);
    return 1;
  }
}

/** Texts are written for the program's own name, and begin a line with it. */
function calledAs(program: string, text: string): string {
  return text.replaceAll(/^((?:Usage|See): )?egress-router (?=[A-Za-z])/gm, `$1${program} `);
}

/** Each is loaded when it is asked for: what talks to a cluster is large, and most need none of it. */
interface VerbEntry {
  readonly name: string;
  /** One line in the list of verbs. */
  readonly summary: string;
  /** It talks to a cluster. */
  readonly usesCluster: boolean;
  readonly load: () => Promise<Verb>;
}

const verbs: readonly VerbEntry[] = [
  {
    name: 'lint',
    summary: 'check manifests without a cluster',
    usesCluster: false,
    load: async () => (await import('./verbs/lint.ts')).lint,
  },
  {
    name: 'render',
    summary: 'print the objects that a router becomes',
    usesCluster: false,
    load: async () => (await import('./verbs/render.ts')).render,
  },
  {
    name: 'migrate',
    summary: 'turn routers of OpenShift SDN into EgressRouters',
    usesCluster: false,
    load: async () => (await import('./verbs/migrate.ts')).migrate,
  },
  {
    name: 'preflight',
    summary: 'tell whether a router could come up here',
    usesCluster: true,
    load: async () => (await import('./verbs/preflight.ts')).preflight,
  },
  {
    name: 'deploy',
    summary: 'apply routers and wait until they are up',
    usesCluster: true,
    load: async () => (await import('./verbs/deploy.ts')).deploy,
  },
  {
    name: 'expose',
    summary: 'give a router the Service that clients call',
    usesCluster: true,
    load: async () => (await import('./verbs/expose.ts')).expose,
  },
  {
    name: 'status',
    summary: 'show routers, their state and why',
    usesCluster: true,
    load: async () => (await import('./verbs/status.ts')).status,
  },
  {
    name: 'teardown',
    summary: 'delete a router and all that it owns',
    usesCluster: true,
    load: async () => (await import('./verbs/teardown.ts')).teardown,
  },
  {
    name: 'restart',
    summary: 'give a router a new pod',
    usesCluster: true,
    load: async () => (await import('./verbs/restart.ts')).restart,
  },
  {
    name: 'install',
    summary: 'install operator and plugin where no platform brings them',
    usesCluster: true,
    load: async () => (await import('./verbs/install.ts')).install,
  },
  {
    name: 'uninstall',
    summary: 'remove operator and plugin again',
    usesCluster: true,
    load: async () => (await import('./verbs/uninstall.ts')).uninstall,
  },
];

const usage = `Usage: egress-router COMMAND [options]

${verbs.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`).join('\n')}

egress-router COMMAND --help tells more, --version which version this is.
Exits 0 when done, 1 when refused or failed, 2 when called in a wrong way.`;
