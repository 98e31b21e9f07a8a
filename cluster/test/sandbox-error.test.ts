import { expect, test } from 'vitest';
import { decodeSandboxError } from '#cluster/sandbox-error.ts';

test.each([
  [
    'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "f00": plugin type="multus" name="multus-cni-network" failed (add): [demo/pod/9c1:egress-router-cni-nad]: error adding container to network "egress-router-cni-nad": The node has no interface "ens9".',
    'The node has no interface "ens9".',
  ],
  [
    'error adding pod demo_pod to CNI network "multus-cni-network": plugin type="multus" failed (add): [demo/pod:egress-router-cni-nad]: error adding container to network "egress-router-cni-nad": unexpected end of JSON input',
    'The CNI plugin failed and gave no reason. Look at the node: its NICs, and the plugin’s log file.',
  ],
  [
    'failed (add): macvlan master "ens9" does not exist; master-missing',
    'macvlan master "ens9" does not exist',
  ],
  ['failed (add): link is down; see the log of the node', 'link is down; see the log of the node'],
  ['something else', 'something else'],
  ['', ''],
])('%s', (text, expected) => {
  expect(decodeSandboxError(text)).toBe(expected);
});
