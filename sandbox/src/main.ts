import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execInPod } from '#cluster/exec.ts';
import { parseIp } from '#core/net/ip.ts';
import { clientContainerName, clientPodName, demoNamespace } from './bootstrap.ts';
import { startBuiltInApi } from './built-in-api.ts';
import { startOutsideServer } from './lan/server.ts';
import { lanServerReadyLine } from './lan/start-server.ts';
import { parseCommand, type SandboxCommand, usage } from './options.ts';
import { startSandbox } from './sandbox.ts';

const command = parseCommand(process.argv.slice(2));
switch (command.kind) {
  case 'help':
    console.log(usage);
    break;
  case 'wrong':
    console.error(`${command.message}\n\n${usage}`);
    process.exitCode = 2;
    break;
  case 'lan-server':
    await startOutsideServer(command.addresses.flatMap((text) => parseIp(text) ?? []));
    console.log(lanServerReadyLine);
    break;
  case 'client':
    process.exitCode = await runInClient(command).catch((error: unknown) => {
      console.error(messageOf(error));
      return 125;
    });
    break;
  case 'start':
    await serve(command).catch((error: unknown) => {
      console.error(`The sandbox cannot start: ${messageOf(error)}`);
      process.exitCode = 1;
    });
    process.exit();
}

async function serve({ folder, isSimulated }: Extract<SandboxCommand, { kind: 'start' }>): Promise<void> {
  // Root's programs are not on every root's PATH.
  process.env['PATH'] = `${process.env['PATH'] ?? ''}:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin`;
  await mkdir(folder, { recursive: true });
  const stopped = untilSignalled();
  const sandbox = await startSandbox({
    folder,
    isSimulated,
    dist: import.meta.dirname,
    manifests: join(import.meta.dirname, '..', 'agent', 'deploy', 'manifests'),
    startApi: startBuiltInApi,
    log: (line) => console.error(line),
  });
  const { kubeconfig, networking, reason } = sandbox;
  console.log(
    JSON.stringify({ ready: true, kubeconfig, networking, ...(reason === undefined ? {} : { reason }) }),
  );
  await stopped;
  await sandbox.close();
}

async function runInClient({ folder, argv }: Extract<SandboxCommand, { kind: 'client' }>): Promise<number> {
  const code = await execInPod({
    kubeconfigPath: join(folder, 'kubeconfig'),
    namespace: demoNamespace,
    pod: clientPodName,
    container: clientContainerName,
    argv,
    stdout: process.stdout,
    stderr: process.stderr,
    ...(process.stdin.isTTY ? {} : { stdin: process.stdin }),
  });
  return code;
}

/** Installed before anything is made, so that Ctrl-C during the start is not lost; a start is finished, then undone. */
function untilSignalled(): Promise<void> {
  return new Promise((resolve) => {
    process.on('SIGINT', resolve);
    process.on('SIGTERM', resolve);
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
