import type { EgressRouter } from '#core/egress-router/model.ts';
import type { Finding } from './finding.ts';

/**
 * Whether the nodes carry SCTP, where a rule needs it.
 *
 * @param loads names of the MachineConfigs that load the module; undefined where the cluster has none, or hides them
 * @returns undefined for a router without SCTP
 */
export function checkSctp(
  { rules }: EgressRouter,
  loads: readonly string[] | undefined,
): Finding | undefined {
  const ports = rules.filter(({ protocol }) => protocol === 'SCTP').map(({ port }) => port);
  if (ports.length === 0) return undefined;
  const code = 'sctp';
  const list = `${ports.length === 1 ? 'Port' : 'Ports'} ${ports.join(', ')} of SCTP ${ports.length === 1 ? 'needs' : 'need'}`;
  if (loads === undefined) {
    return {
      code,
      verdict: 'information',
      message: `${list} the kernel module sctp on the nodes, and nothing tells whether it is loaded.`,
      remedy: {
        title: 'Command on each node',
        text: `modprobe sctp && echo sctp > /etc/modules-load.d/sctp-load.conf\n`,
      },
    };
  }
  if (loads.length > 0) {
    return {
      code,
      verdict: 'ok',
      message: `MachineConfig ${loads.join(', ')} loads the module that SCTP needs.`,
    };
  }
  return {
    code,
    verdict: 'warning',
    message: `${list} the kernel module sctp, which the nodes are kept from loading: no MachineConfig loads it. Applying one restarts the nodes, one after the other.`,
    remedy: { title: 'MachineConfig for an administrator', text: machineConfig },
  };
}

const machineConfig = `apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfig
metadata:
  name: load-sctp-module
  labels:
    machineconfiguration.openshift.io/role: worker
spec:
  config:
    ignition:
      version: 3.2.0
    storage:
      files:
        - path: /etc/modprobe.d/sctp-blacklist.conf
          mode: 0644
          overwrite: true
          contents:
            source: data:,
        - path: /etc/modules-load.d/sctp-load.conf
          mode: 0644
          overwrite: true
          contents:
            source: data:,sctp
`;
