import path from 'node:path';

export interface StartSettings {
  /** Those of the person's own settings file. */
  readonly user: Readonly<Record<string, unknown>>;
  /** Those that VS Code takes from the machine's settings file alone. */
  readonly machine: Readonly<Record<string, unknown>>;
}

/**
 * Ties VS Code to the cluster that `npm start` names. The environment alone does not: a shell's startup files may
 * name another cluster, and they reset PATH.
 */
export function startSettings(
  kubeconfig: string,
  bin: string,
  env: Readonly<Record<string, string | undefined>>,
): StartSettings {
  const terminal = {
    KUBECONFIG: kubeconfig,
    PATH: `${bin}${path.delimiter}\${env:PATH}`,
    // VS Code has its own.
    TMPDIR: env['TMPDIR'] ?? null,
    XDG_CACHE_HOME: env['XDG_CACHE_HOME'] ?? null,
    XDG_DATA_HOME: env['XDG_DATA_HOME'] ?? null,
    XDG_RUNTIME_DIR: env['XDG_RUNTIME_DIR'] ?? null,
  };
  return {
    user: {
      'git.openRepositoryInParentFolders': 'never',
      'terminal.integrated.env.linux': terminal,
      'terminal.integrated.env.osx': terminal,
      // A preview of the README would take the focus from whoever clicks before it is drawn.
      'workbench.startupEditor': 'none',
      // Every loopback port of the sandbox would be told in the panel, and counted there.
      'remote.autoForwardPorts': false,
    },
    machine: { 'egressRouter.kubeconfig': kubeconfig },
  };
}

export interface StartEnvironment {
  readonly kubeconfig: string;
  readonly isSandbox: boolean;
  readonly bin: string;
  /** For sockets. */
  readonly temp: string;
}

/** What VS Code's server, and with it the extension, is given besides the environment of `npm start`. */
export function startEnvironment(
  { kubeconfig, isSandbox, bin, temp }: StartEnvironment,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  return {
    KUBECONFIG: kubeconfig,
    PATH: `${bin}${path.delimiter}${env['PATH'] ?? ''}`,
    TMPDIR: temp,
    XDG_RUNTIME_DIR: temp,
    // As the `code` command of a terminal: the environment is this one, not what a login shell makes of it.
    VSCODE_CLI: '1',
    // The extension is not to start a second one.
    ...(isSandbox ? { EGRESS_ROUTER_SANDBOX: kubeconfig } : {}),
  };
}
