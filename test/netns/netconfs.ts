/** Network configurations that tests of the CNI executable share; the addresses are those of `topology.ts`. */

/** As the Cluster Network Operator renders it. */
export const cnoConfig = {
  cniVersion: '0.4.0',
  type: 'egress-router',
  name: 'egress-router-cni-nad',
  ip: {
    addresses: ['192.168.12.99/24'],
    destinations: ['80 TCP 203.0.113.25', '8080 TCP 203.0.113.26 80', '8053 UDP 203.0.113.26 53'],
    gateway: '192.168.12.1',
  },
  log_level: 'debug',
};

/** Both families, a fallback, and a macvlan of another mode on a NIC by name. */
export const dualConfig = {
  ...cnoConfig,
  cniVersion: '1.1.0',
  ip: {
    addresses: ['192.168.12.99/24', 'fd12::99/64'],
    gateway: ['192.168.12.1', 'fd12::1'],
    destinations: ['8080 TCP 203.0.113.25 80', '8080 TCP 2001:db8::25 80'],
    fallbackIP: '203.0.113.26',
  },
  interfaceArgs: { mode: 'private', master: 'enp1s0' },
};

/** As `cnoConfig`, with one rule and an address of its own. */
export function configFor(address: string, destinations: readonly string[] = ['8080 TCP 203.0.113.25 80']) {
  return {
    ...cnoConfig,
    cniVersion: '1.0.0',
    ip: { addresses: [`${address}/24`], gateway: '192.168.12.1', destinations },
  };
}
