import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { basename } from 'node:path';
import { at, parseJson, textAt } from '#core/json-value.ts';
import { readCredentialFile } from './credential-files.ts';
import { ClusterError, type FailureReason } from './errors.ts';
import type { KubeconfigCluster, LoginProgram } from './kubeconfig-file.ts';

export interface LoginProgramOptions {
  readonly user: string;
  readonly cluster: KubeconfigCluster;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A person sits at the terminal of this process, and may be asked there. */
  readonly hasTerminal: boolean;
  /** What the program says meanwhile, such as the address of a page to log in at. */
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

/** What a login program answered with; PEM texts. */
export interface ProgramCredentials {
  readonly token?: string;
  readonly certificate?: string;
  readonly key?: string;
  /** Milliseconds since 1970; absent: good until the cluster refuses them. */
  readonly expiresAt?: number;
}

/**
 * Runs a credential plugin as client-go does.
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 *
 * @throws ClusterError `exec-missing`, `login-failed`
 */
export async function runLoginProgram(
  program: LoginProgram,
  options: LoginProgramOptions,
): Promise<ProgramCredentials> {
  const isInteractive = options.hasTerminal && program.interactiveMode !== 'Never';
  if (program.interactiveMode === 'Always' && !isInteractive) {
    throw failed(
      options,
      `logs in with the program "${program.command}", which asks at a terminal, and there is none here. Run a command of kubectl or oc in a terminal, or switch context.`,
    );
  }
  const info = execInfo(program, options, isInteractive);
  const ran = await run(program, options, { info, isInteractive });
  if (ran.code !== 0) {
    const how = ran.code === null ? 'was ended' : `exited with ${ran.code}`;
    const said = ran.errors === '' ? `the program "${program.command}" ${how}` : ran.errors;
    throw new ClusterError({
      reason: 'login-failed',
      message: `Cannot get credentials for user "${options.user}" of the kubeconfig: ${ended(said)} Log in to the cluster again, or switch context.`,
    });
  }
  return readCredential(ran.output, program, options);
}

/** UTF-16 code units: who says more does not answer with credentials. */
const mostOutput = 1_000_000;

interface Ran {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

function run(
  program: LoginProgram,
  { user, env, log, signal }: LoginProgramOptions,
  { info, isInteractive }: { readonly info: string; readonly isInteractive: boolean },
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = started(program, user, {
      env: { ...env, ...program.env, KUBERNETES_EXEC_INFO: info },
      stdio: [isInteractive ? 'inherit' : 'ignore', 'pipe', isInteractive ? 'inherit' : 'pipe'],
      signal,
      windowsHide: true,
    });
    let output = '';
    let errors = '';
    let waiting: NodeJS.Timeout | undefined;
    const release = (): void => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    };
    const releaseIn = (milliseconds: number): void => {
      clearTimeout(waiting);
      waiting = setTimeout(release, milliseconds);
    };
    const finish = (code: number | null): void =>
      resolve({ code, output, errors: errors.trim().slice(-1000) });
    const finishIfWhole = (): void => {
      if (child.exitCode !== 0 || parseJson(output) === undefined) return;
      releaseIn(lastWordsMs);
      finish(0);
    };
    // Else its lines would pass for ours.
    const speaker = basename(program.command);
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      if (output.length > mostOutput) child.kill();
      else output += chunk;
      finishIfWhole();
    });
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      errors = (errors + chunk).slice(-mostOutput);
      for (const line of chunk.split('\n')) if (line.trim() !== '') log(`${speaker}: ${line.trimEnd()}`);
    });
    child.once('error', (cause) => {
      release();
      reject(signal.aborted ? signal.reason : notStarted(program, user, cause));
    });
    child.once('exit', (code) => {
      releaseIn(code === 0 ? answerMs : lastWordsMs);
      finishIfWhole();
    });
    child.once('close', (code) => {
      clearTimeout(waiting);
      finish(code);
    });
  });
}

// What a program has started, such as an agent that keeps the login, may hold its output open for ever.
/** How long after the program itself an answer of what it has started may still come. */
const answerMs = 10_000;
/** How long after the end is read what was written before it. */
const lastWordsMs = 1000;

/** Some faults come at once, not as an event: a name that is none, too much to pass on, a zero byte in it. */
function started(program: LoginProgram, user: string, options: SpawnOptions): ChildProcess {
  try {
    return spawn(program.command, [...program.args], options);
  } catch (cause) {
    throw notStarted(program, user, cause instanceof Error ? cause : new Error(String(cause)));
  }
}

/** What `KUBERNETES_EXEC_INFO` holds. */
function execInfo(
  { apiVersion, providesClusterInfo }: LoginProgram,
  { cluster }: LoginProgramOptions,
  isInteractive: boolean,
): string {
  const authority = cluster.caData ?? (cluster.caFile === undefined ? undefined : base64(cluster.caFile));
  const about = {
    server: cluster.server,
    'tls-server-name': cluster.tlsServerName,
    'insecure-skip-tls-verify': cluster.skipTLSVerify ? true : undefined,
    'certificate-authority-data': authority,
    'proxy-url': cluster.proxyUrl,
    config: cluster.execConfig ?? null,
  };
  return JSON.stringify({
    kind: 'ExecCredential',
    apiVersion,
    spec: { ...(providesClusterInfo ? { cluster: about } : {}), interactive: isInteractive },
  });
}

function base64(file: string): string {
  return readCredentialFile(file).toString('base64');
}

function readCredential(
  output: string,
  program: LoginProgram,
  options: LoginProgramOptions,
): ProgramCredentials {
  const answer = parseJson(output);
  const token = textAt(answer, 'status', 'token') ?? '';
  const certificate = textAt(answer, 'status', 'clientCertificateData') ?? '';
  const key = textAt(answer, 'status', 'clientKeyData') ?? '';
  // Never with what was printed: it may hold credentials.
  if (textAt(answer, 'kind') !== 'ExecCredential' || (token === '' && (certificate === '' || key === ''))) {
    throw failed(
      options,
      `logs in with the program "${program.command}", which did not answer with credentials. Run it by hand to see why, or switch context.`,
    );
  }
  const version = textAt(answer, 'apiVersion');
  if (version !== program.apiVersion) {
    throw failed(
      options,
      `logs in with the program "${program.command}", which speaks ${version ?? 'no version'} where the kubeconfig says ${program.apiVersion}. Log in to the cluster again with a current version of the program.`,
    );
  }
  const expiresAt = Date.parse(String(at(answer, 'status', 'expirationTimestamp')));
  return {
    ...(token === '' ? {} : { token }),
    ...(certificate === '' || key === '' ? {} : { certificate, key }),
    ...(Number.isNaN(expiresAt) ? {} : { expiresAt }),
  };
}

function notStarted({ command, installHint }: LoginProgram, user: string, cause: Error): ClusterError {
  const hint = installHint.replace(/\s+/g, ' ').trim();
  const then = (advice: string): string => (hint === '' ? advice : `${ended(hint)} ${advice}`);
  if (command === '') {
    const what =
      'logs in with a program that it does not name. Log in to the cluster again, or switch context.';
    return failed({ user }, what);
  }
  const code = 'code' in cause ? cause.code : undefined;
  switch (code) {
    case 'ENOENT': {
      const what = /[/\\]/.test(command)
        ? `logs in with the program "${command}", which is not there. ${then('Install it there, or switch context.')}`
        : `logs in with the program "${command}", which is in no folder of PATH. ${then('Install it where PATH leads, or switch context.')}`;
      return failed({ user }, what, 'exec-missing');
    }
    case 'EACCES': {
      const what = `logs in with the program "${command}", which may not be executed. ${then('Make it executable, or switch context.')}`;
      return failed({ user }, what, 'exec-missing');
    }
    default: {
      // Node quotes the argument or variable that it refuses, which may be a secret.
      const why = code === 'ERR_INVALID_ARG_VALUE' ? 'a zero byte in what it is given' : cause.message;
      const what = `logs in with the program "${command}", which cannot be started (${why}). ${then('Install it, or switch context.')}`;
      return failed({ user }, what);
    }
  }
}

function failed(
  { user }: { readonly user: string },
  what: string,
  reason: FailureReason = 'login-failed',
): ClusterError {
  return new ClusterError({ reason, message: `User "${user}" of the kubeconfig ${what}` });
}

function ended(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
