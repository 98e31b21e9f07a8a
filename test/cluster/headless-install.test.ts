// The verbs that install, restart and remove, against a sandbox where the built operator runs beside.
import path from 'node:path';
import { afterAll, beforeAll, test } from 'vitest';
import { type Connection, connect } from '#cluster/connect.ts';
import { kinds } from '#cluster/kinds.ts';
import { patchObject } from '#cluster/objects.ts';
import { operatorFieldManager, sandboxOperatorAnnotation } from '#core/manifest/names.ts';
import { type CommandLine, sample, startCommandLine } from './command-line.ts';

let line: CommandLine;
let connection: Connection;
beforeAll(async () => {
  line = await startCommandLine();
  connection = connect({ kubeconfigPaths: [path.join(line.folder, 'kubeconfig')], allowExec: false });
});
afterAll(async () => {
  connection.close();
  await line.close();
});

const image = 'registry.example/egress-router-agent:0.1.0';

test('restart gives the router another pod', async () => {
  await line.check(['deploy', sample], 0, /^demo\/partner-api ready$/m);
  await line.check(['restart', 'partner-api'], 0, /^demo\/partner-api ready$/m, /^Pod demo\/.*: Gone\.$/m);
  const dryRun = ['restart', 'partner-api', '--dry-run'];
  await line.check(dryRun, 0, /^restart +Deployment demo\/\S+\nreplace +Pod demo\/\S+\n$/, /^Context .*\n$/);
  await line.check([...dryRun, '-o', 'json'], 0, /^\{\n {2}"deployment": \{[^]*"replaced": \[\n/);
  await line.check(['restart', 'none', '--dry-run'], 1, /^$/, /EgressRouter demo\/none.*does not exist/);
  await line.check(['restart', 'none'], 1, /^$/, /EgressRouter demo\/none.*does not exist/);
});

test('a sandbox keeps its agent, which is none that could be installed or removed', async () => {
  const sandbox = /This is a sandbox/;
  await line.check(['install', '--image', image], 1, /^$/, sandbox);
  await line.check(['uninstall', '--yes', '--with-crd'], 1, /^$/, sandbox);
  await line.check(['deploy', sample], 0, /^demo\/partner-api ready$/m);
});

test('install shows the objects, refuses what cannot be, and waits until all of it is up', async () => {
  await passForCluster();
  await line.check(['install'], 2, /^$/, /^Name the image of the agent with --image/);
  await line.check(['install', '--image', 'no image'], 1, /^$/, /^Nothing was installed\. "no image" is no/m);
  const dryRun = ['install', '--image', image, '--dry-run'];
  await line.check(dryRun, 0, /^create +DaemonSet egress-router-tools\/egress-router-installer$/m);
  await line.check([...dryRun, '-o', 'yaml'], 0, /^kind: DaemonSet\n[^]*image: registry\.example\//m);
  await line.check(
    ['install', '--image', image],
    0,
    /^DaemonSet egress-router-tools\/egress-router-installer ready\nDeployment egress-router-tools\/egress-router-operator ready$/m,
    /^Context sandbox: https:[^ ]+$[^]*DaemonSet .*: Ready on 1 node\./m,
  );
  await line.check(['install', '--image', image], 0, /ready/, /^unchanged +Deployment/m);
});

test('uninstall keeps what routers need, and with the last router takes everything along', async () => {
  await line.check(
    ['uninstall', '--dry-run'],
    0,
    /^stays +the plugin on the nodes: Router pods need it[^]*^stays +EgressRouter demo\/partner-api:[^]*^stays +CustomResourceDefinition .*: With it, the router would be deleted/m,
  );
  await line.check(['teardown', 'partner-api', '--yes'], 0, /gone/);
  await line.check(['uninstall'], 1, /^$/, /^Nothing was removed\. Say --yes to delete\.$/m);
  await line.check(
    ['uninstall', '--confirm', 'another'],
    1,
    /^$/,
    /--confirm says "another", and the name is sandbox/,
  );
  await line.check(
    ['uninstall', '--yes'],
    0,
    /^agent gone$/m,
    /^stays +Namespace egress-router-tools: Install Agent did not make it\.$[^]*^DaemonSet .*: Taking the plugin from the nodes\.$[^]*^ServiceAccount .*: Gone\.$/m,
  );
  await line.check(['uninstall', '--yes'], 0, /^$/, /^There is nothing of the agent to remove\.$/m);
  await line.check(
    ['uninstall', '--dry-run'],
    0,
    /^(stays [^\n]*\n)*$/,
    /^There is nothing of the agent to remove\.$/m,
  );
});

/** Takes away what tells a sandbox from a cluster that somebody has brought the operator to. */
async function passForCluster(): Promise<void> {
  const metadata = { annotations: { [sandboxOperatorAnnotation]: null } };
  const place = { name: operatorFieldManager };
  const signal = AbortSignal.timeout(30_000);
  await patchObject(connection, kinds.clusterRoleBinding, place, { metadata }, signal);
}
