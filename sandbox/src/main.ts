import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from '#cluster/connect.ts';
import { execInPod } from '#cluster/exec.ts';
import { kinds } from '#cluster/kinds.ts';
import { findObject } from '#cluster/objects.ts';
import { simulatedAnnotation } from '#core/manifest/names.ts';
import { parseIp } from '#core/net/ip.ts';
import { clientContainerName, clientPodName, demoNamespace } from './bootstrap.ts';
import { startBuiltInApi } from './built-in-api.ts';
import { startOutsideServer } from './lan/server.ts';
import { lanServerReadyLine } from './lan/start-server.ts';
import { type ApiChoice, parseCommand, type SandboxCommand, usage } from './options.ts';
import { findRealApi, startRealApi } from './real-api.ts';
import { AlreadyRunningError } from './registry.ts';
import { type StartApi, startSandbox } from './sandbox.ts';

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
    // An open stdin that the command did not read to its end would keep this process waiting.
    process.stdin.destroy();
    break;
  case 'start':
    await serve(command).catch((error: unknown) => {
      if (error instanceof AlreadyRunningError) {
        console.log(JSON.stringify({ ready: false, runningAs: error.pid }));
      }
      console.error(`The sandbox cannot start: ${messageOf(error)}`);
      process.exitCode = 1;
    });
    process.exit();
}

async function serve({
  folder,
  context,
  isSimulated,
  isTied,
  api,
  volumeDelayMs,
}: Extract<SandboxCommand, { kind: 'start' }>): Promise<void> {
  // Root's programs are not on every root's PATH.
  process.env['PATH'] = `${process.env['PATH'] ?? ''}:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin`;
  await mkdir(folder, { recursive: true });
  const stopped = untilToldToStop(isTied);
  const sandbox = await startSandbox({
    folder,
    context,
    isSimulated,
    volumeDelayMs,
    dist: import.meta.dirname,
    manifests: join(import.meta.dirname, '..', 'agent', 'deploy', 'manifests'),
    startApi: await chooseApi(api),
    log: (line) => console.error(line),
  });
  const { kubeconfig, networking, reason } = sandbox;
  console.log(
    JSON.stringify({ ready: true, kubeconfig, networking, ...(reason === undefined ? {} : { reason }) }),
  );
  await stopped;
  await sandbox.close();
}

async function chooseApi(choice: ApiChoice): Promise<StartApi> {
  const assets = choice === 'built-in' ? undefined : await findRealApi(process.env);
  if (assets !== undefined) return (options) => startRealApi({ ...options, assets });
  if (choice === 'auto' || choice === 'built-in') return startBuiltInApi;
  throw new Error(
    'etcd and kube-apiserver are in neither $KUBEBUILDER_ASSETS nor /usr/local/kubebuilder/bin: put them there, or leave out --api real.',
  );
}

async function runInClient({ folder, argv }: Extract<SandboxCommand, { kind: 'client' }>): Promise<number> {
  const kubeconfig = join(folder, 'kubeconfig');
  try {
    return await execInPod({
      kubeconfigPath: kubeconfig,
      namespace: demoNamespace,
      pod: clientPodName,
      container: clientContainerName,
      argv,
      stdout: process.stdout,
      stderr: process.stderr,
      ...(process.stdin.isTTY ? {} : { stdin: process.stdin }),
    });
  } catch (error) {
    const reason = await whySimulated(kubeconfig).catch(() => undefined);
    if (reason === undefined) throw error;
    throw new Error(`The sandbox is simulated (${reason}): its client pod runs no commands.`, {
      cause: error,
    });
  }
}

async function whySimulated(kubeconfig: string): Promise<string | undefined> {
  const connection = connect({ kubeconfigPaths: [kubeconfig], allowExec: false });
  try {
    const at = { namespace: demoNamespace, name: clientPodName };
    const pod = await findObject(connection, kinds.pod, at, AbortSignal.timeout(5000));
    return pod?.metadata.annotations?.[simulatedAnnotation];
  } finally {
    connection.close();
  }
}

/**
 * Installed before anything is made, so that Ctrl-C during the start is not lost; a start is finished, then undone.
 * A fault of ours is no reason to leave namespaces behind either.
 */
function untilToldToStop(isTied: boolean): Promise<void> {
  return new Promise((resolve) => {
    // Whoever read the log may be gone, and to complain about that to nobody would never end.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
    // SIGHUP comes of a terminal that closes.
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => resolve());
    if (isTied) {
      process.stdin.on('end', () => resolve());
      process.stdin.on('error', () => resolve());
      process.stdin.resume();
    }
    process.on('uncaughtException', (error) => {
      console.error(error);
      process.exitCode = 1;
      resolve();
    });
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
