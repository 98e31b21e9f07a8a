import { expect, test } from 'vitest';
import { decodeSandboxError } from '#cluster/sandbox-error.ts';
import { toNetworksError, toPluginError, toRuntimeError } from '#sandbox/node/sandbox-failure.ts';

const id = '1f'.repeat(32);
const about = {
  pod: { namespace: 'demo', name: 'p', uid: 'u' },
  attempt: 3,
  id,
  netns: '/var/run/netns/n',
};

test('an error of a plugin comes in the words of Multus, its shim, libcni and CRI-O', () => {
  const said = toPluginError(about, 'a', 'the NIC is down; nic-down');
  const args = `IgnoreUnknown=1;K8S_POD_NAMESPACE=demo;K8S_POD_NAME=p;K8S_POD_INFRA_CONTAINER_ID=${id};K8S_POD_UID=u`;
  const [text = '', given = ''] = toRuntimeError(about, said).split(': StdinData: ');
  expect(text).toBe(
    `rpc error: code = Unknown desc = failed to create pod network sandbox k8s_p_demo_u_3(${id}): ` +
      'error adding pod demo_p to CNI network "multus-cni-network": ' +
      'plugin type="multus-shim" name="multus-cni-network" failed (add): CmdAdd (shim): ' +
      `CNI request failed with status 400: 'ContainerID:"${id}" Netns:"/var/run/netns/n" IfName:"eth0" Args:"${args}" Path:"" ERRORED: ` +
      'error configuring pod [demo/p] networking: [demo/p/u:a]: error adding container to network "a": ' +
      "the NIC is down; nic-down\n'",
  );
  expect(JSON.parse(given)).toMatchObject({ type: 'multus-shim', daemonSocketDir: '/run/multus/socket' });
});

test.each([
  [toPluginError(about, 'a', 'the NIC is down; nic-down'), 'the NIC is down'],
  [toNetworksError(about, 'parsePodNetworkAnnotation: no'), 'parsePodNetworkAnnotation: no'],
])('the command line and the editor find the sentence in it: %s', (said, expected) => {
  const message = `Failed to create pod sandbox: ${toRuntimeError(about, said)}`;
  expect(decodeSandboxError(message)).toBe(expected);
});
