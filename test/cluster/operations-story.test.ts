// The built command line against the whole sandbox, simulated so that it runs on any machine.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CommandLine, sample, startCommandLine } from './command-line.ts';

let line: CommandLine;
beforeAll(async () => {
  line = await startCommandLine();
});
afterAll(() => line.close());

const run = (...args: readonly string[]) => line.run(args);
const check: CommandLine['check'] = (...args) => line.check(...args);

test('a router from preflight to teardown', async () => {
  await check(['preflight'], 0, /^ok +The cluster knows EgressRouters\.$/m);
  await check(['preflight'], 0, /^ok +The operator of Egress Router Tools acts on EgressRouters here\.$/m);
  await check(['status'], 0, /^$/, /There are no egress routers in namespace demo\. With -A, /m);
  await check(['status', '-A'], 0, /^$/, /There are no egress routers in any namespace that you can see\.$/m);
  const nowhere = /^Namespace nowhere does not exist in the cluster of context \S+\. Name another one/m;
  await check(['status', '-n', 'nowhere'], 1, /^$/, nowhere);
  await check(['status', 'a', '-n', 'nowhere'], 1, /^$/, nowhere);
  const missing = /^error +Namespace nowhere does not exist\./m;
  await check(['preflight', '-n', 'nowhere'], 1, missing);
  const stdin = routerWith({ port: 8080 }).replace(', namespace: demo', '');
  await check(['preflight', '-', '-n', 'nowhere'], 1, missing, /^/, { stdin });
  const create = /namespace "nowhere" does not exist\. Create it first\./;
  await check(['deploy', '-', '-n', 'nowhere', '--dry-run'], 1, /^$/, create, { stdin });
  await check(
    ['deploy', sample, '--dry-run'],
    0,
    /^create +EgressRouter demo\/partner-api$/m,
    /^(?!.*create )/s,
  );
  await check(['status', 'partner-api'], 1, /^$/, /There is no EgressRouter partner-api in namespace demo/);
  await check(
    ['deploy', sample],
    0,
    /^demo\/partner-api ready$/m,
    /Up, but only simulated[^]*^Clients of demo\/partner-api need its Service: egress-router expose partner-api -n demo --kubeconfig=\S+$/m,
  );
  await check(['preflight'], 0, /^ok +The operator of Egress Router Tools acts/m);
  await check(['status', 'partner-api'], 0, /^demo +partner-api +simulated +192\.168\.12\.99\/24 +2 +- +\S/m);
  await check(
    ['status', 'partner-api', '-o', 'wide'],
    0,
    /^NAMESPACE +NAME +STATE +ADDRESS +RULES +POD +SERVICE +MESSAGE\n.* 2 +egress-router-cni-deployment-\S+ +- +\S/m,
  );
  await check(['expose', 'partner-api'], 0, /partner-api\.demo\.svc:8080 \(TCP\).*address 172\.30\./);
  const again = await run('expose', 'partner-api', '-o', 'json');
  expect(JSON.parse(again.out)).toMatchObject({
    ports: [
      { name: 'tcp-8080', protocol: 'TCP', port: 8080 },
      { name: 'udp-8053', protocol: 'UDP', port: 8053 },
    ],
  });
  expect(again.err).toMatch(/^unchanged +Service demo\/partner-api$/m);
  await check(['teardown', 'partner-api'], 1, /^$/, /^goes +Pod demo\/[^]*Say --yes to delete/m);
  await check(
    ['teardown', 'partner-api', '--yes'],
    0,
    /^demo\/partner-api gone$/m,
    /^Pod demo\/.*: Gone\.$/m,
  );
  await check(['status', 'partner-api'], 1, /^$/, /There is no EgressRouter partner-api/);
});

test('changed rules keep the pod, another address makes a new one, and each is waited for', async () => {
  const file = path.join(line.folder, 'edited.yaml');
  await check(['deploy', sample], 0, /^demo\/partner-api ready$/m);
  const podOf = async (): Promise<string> =>
    JSON.parse((await run('status', 'partner-api', '-o', 'json')).out).routers[0].pods[0].name;
  const before = await podOf();
  await writeFile(file, routerWith({ port: 8081 }));
  await check(
    ['deploy', file],
    0,
    /^demo\/partner-api ready$/m,
    /spec\.redirect\.redirectRules\[8080\/TCP\]\.port: 8080 -> 8081/,
  );
  expect(await podOf()).toBe(before);
  await writeFile(file, routerWith({ port: 8081, ip: '192.168.12.98' }));
  await check(
    ['deploy', file],
    0,
    /^demo\/partner-api ready$/m,
    /spec\.addresses\[0\]\.ip: "192\.168\.12\.99\/24" -> "192\.168\.12\.98\/24"/,
  );
  expect(await podOf()).not.toBe(before);
  await check(['teardown', 'partner-api', '--yes'], 0, /gone/);
});

function routerWith({ port, ip = '192.168.12.99' }: { port: number; ip?: string }): string {
  return `apiVersion: network.operator.openshift.io/v1
kind: EgressRouter
metadata: {name: partner-api, namespace: demo}
spec:
  mode: Redirect
  networkInterface: {macvlan: {mode: Bridge}}
  addresses: [{ip: ${ip}/24, gateway: 192.168.12.1}]
  redirect:
    redirectRules: [{port: ${port}, protocol: TCP, destinationIP: 203.0.113.25, targetPort: 80}]
`;
}
