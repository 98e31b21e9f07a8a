import { randomBytes } from 'node:crypto';
import { listAt } from '#core/json-value.ts';
import { clusterIfName } from '#core/manifest/names.ts';
import type { Ipam } from './ipam.ts';
import type { Network, PodRuntime, PodSandbox } from './runtime.ts';

/** Pods in name only, for machines where namespaces cannot be had. `reason` says why, wherever a pod shows. */
export function simulatedRuntime(reason: string, ipam: Ipam): PodRuntime {
  return {
    simulated: reason,
    name: 'simulated',
    createSandbox: async (_pod, _attempt, readNetworks) => {
      const networks = await readNetworks();
      const addresses = ipam.take();
      const ips = [addresses.ip4, addresses.ip6];
      const others = networks.map((network) => attach(network));
      return {
        id: randomBytes(32).toString('hex'),
        ips,
        networkStatus: [
          {
            name: 'cluster-network',
            interface: clusterIfName,
            ips,
            default: true,
            dns: {},
            simulated: reason,
          },
          ...others.map((status) => ({ ...status, simulated: reason })),
        ],
        start,
        probe: async () => ({ isSuccess: true, message: '' }),
        destroy: async () => ipam.give(addresses),
      };
    },
  };
}

function attach(network: Network) {
  const ips = listAt(network.config, 'ip', 'addresses').flatMap((cidr) =>
    typeof cidr === 'string' ? [cidr.replace(/\/.*$/, '')] : [],
  );
  return { name: `${network.namespace}/${network.name}`, interface: network.ifName, ips, dns: {} };
}

const start: PodSandbox['start'] = async (_container, _volumes, log) => {
  log.append(Buffer.from('This container is simulated: no process runs here.\n'));
  let end: () => void = () => undefined;
  const ended = new Promise<{ kind: 'exited'; code: number }>((resolve) => {
    end = () => resolve({ kind: 'exited', code: 0 });
  });
  return { ended, stop: async () => end(), execCommand: () => undefined };
};
