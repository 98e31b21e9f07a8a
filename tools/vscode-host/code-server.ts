import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describeEnding, type Ending, startGroup } from '../../scripts/process-group.ts';

/** What `setupVsCode` installed: code-server's program, and the Node to run it on. */
export interface VsCode {
  readonly node: string;
  readonly entry: string;
}

/** Where one VS Code keeps its settings and extensions. */
export interface Profile {
  readonly root: string;
  readonly data: string;
  readonly extensions: string;
  /** In place of the user's own surroundings, which tests must neither read nor change. */
  readonly env: NodeJS.ProcessEnv;
}

export interface CodeServer {
  readonly url: string;
  readonly pid: number;
  readonly ended: Promise<Ending>;
  /** All that it printed so far. */
  log(): string;
  stop(): Promise<void>;
}

/** Makes or renews the profile in `root`, which is short: sockets lie in it, and their paths may be 107 long. */
export function makeProfile(
  root: string,
  settings: Readonly<Record<string, unknown>>,
  machineSettings: Readonly<Record<string, unknown>> = {},
): Profile {
  const data = path.join(root, 'data');
  const extensions = path.join(root, 'extensions');
  for (const folder of [path.join(data, 'User'), path.join(data, 'Machine'), extensions]) {
    mkdirSync(folder, { recursive: true });
  }
  writeFileSync(path.join(root, 'config.yaml'), 'auth: none\n');
  writeFileSync(
    path.join(data, 'User/settings.json'),
    JSON.stringify({ ...quietSettings, ...settings }, null, 2),
  );
  writeFileSync(path.join(data, 'Machine/settings.json'), JSON.stringify(machineSettings, null, 2));
  // Whatever its flags say, code-server keeps its heartbeat and its logs there, and the language server its code.
  const env = { XDG_DATA_HOME: path.join(root, 'share'), XDG_CACHE_HOME: path.join(root, 'cache') };
  return { root, data, extensions, env };
}

/** A profile with a home and temporary folder of its own. */
export function makeClosedProfile(root: string, settings: Readonly<Record<string, unknown>>): Profile {
  const home = path.join(root, 'home');
  const temp = path.join(root, 'tmp');
  mkdirSync(home, { recursive: true });
  mkdirSync(temp, { recursive: true, mode: 0o700 });
  const env = {
    HOME: home,
    TMPDIR: temp,
    XDG_RUNTIME_DIR: temp,
    XDG_CONFIG_HOME: path.join(home, '.config'),
    XDG_DATA_HOME: path.join(home, '.local/share'),
  };
  const profile = makeProfile(root, settings);
  return { ...profile, env: { ...profile.env, ...env } };
}

export function installVsix(vscode: VsCode, profile: Profile, vsix: string): void {
  execFileSync(
    vscode.node,
    [vscode.entry, ...profileFlags(profile), '--install-extension', vsix, '--force'],
    {
      env: environment(profile),
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
}

export interface CodeServerOptions {
  /** 0 lets the system choose. */
  readonly port: number;
  /** Without one, whoever reaches the port is let in. */
  readonly password?: string;
  /** Trusts no folder before it is told to, and does not ask. Absent: trusts every folder. */
  readonly isCautious?: boolean;
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly logFile?: string;
}

/** Starts code-server on the loopback address; returns when it answers. */
export async function startCodeServer(
  vscode: VsCode,
  profile: Profile,
  options: CodeServerOptions,
): Promise<CodeServer> {
  const group = startGroup(
    vscode.node,
    [
      vscode.entry,
      ...profileFlags(profile),
      `--auth=${options.password === undefined ? 'none' : 'password'}`,
      `--bind-addr=127.0.0.1:${options.port}`,
      '--disable-telemetry',
      '--disable-update-check',
      ...(options.isCautious === true ? [] : ['--disable-workspace-trust']),
      '--disable-getting-started-override',
      '--disable-proxy',
      '--ignore-last-opened',
      ...(options.args ?? []),
    ],
    {
      env: {
        ...environment(profile),
        ...options.env,
        ...(options.password === undefined ? {} : { PASSWORD: options.password }),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const lines: string[] = [];
  const log = () => lines.join('');
  const file = options.logFile === undefined ? undefined : createWriteStream(options.logFile);
  const listening = new Promise<string>((resolve) => {
    for (const stream of [group.child.stdout, group.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        lines.push(text);
        file?.write(text);
        const url = /listening on (http:\/\/[\d.]+:\d+)/.exec(log())?.[1];
        if (url !== undefined) resolve(url);
      });
    }
  });
  const ended = group.ended.then((ending) => new Error(`VS Code ${describeEnding(ending)}.\n${log()}`));
  const first = await Promise.race([listening, ended, afterMs(60_000)]);
  if (typeof first !== 'string' || group.child.pid === undefined) {
    await group.stop(0);
    throw first instanceof Error ? first : new Error(`VS Code did not start in a minute.\n${log()}`);
  }
  return { url: first, pid: group.child.pid, ended: group.ended, log, stop: () => group.stop(graceMs) };
}

/** With a browser connected it waits for that in vain, and it has nothing to save. */
const graceMs = 1500;

/** No account, no experiments, no advice, nothing that asks another host. */
const quietSettings = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

function profileFlags(profile: Profile): readonly string[] {
  return [
    `--config=${path.join(profile.root, 'config.yaml')}`,
    `--user-data-dir=${profile.data}`,
    `--extensions-dir=${profile.extensions}`,
  ];
}

/** Ours, without what another VS Code, in whose terminal this may run, has put there for its own programs. */
function environment(profile: Profile): NodeJS.ProcessEnv {
  const isForeign = (name: string) =>
    /^(VSCODE_|ELECTRON_)/.test(name) ? !name.startsWith('VSCODE_TEST_') : name === 'NODE_OPTIONS';
  const own = Object.entries(process.env).filter(([name]) => !isForeign(name));
  return { ...Object.fromEntries(own), EXTENSIONS_GALLERY: '{}', ...profile.env };
}

function afterMs(ms: number): Promise<Error> {
  return new Promise((resolve) => {
    setTimeout(() => {
      resolve(new Error(`Nothing happened in ${ms} ms.`));
    }, ms).unref();
  });
}
