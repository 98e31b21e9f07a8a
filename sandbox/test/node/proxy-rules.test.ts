import { expect, test } from 'vitest';
import { toProxyRuleset, toServiceRules } from '#sandbox/node/proxy-rules.ts';
import type { EndpointSlice, Service } from '#sandbox/objects.ts';

function service(name: string, spec: Service['spec']): Service {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'demo' }, spec };
}

function slice(name: string, addressType: 'IPv4' | 'IPv6', more: Partial<EndpointSlice>): EndpointSlice {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: `${name}-x`, namespace: 'demo', labels: { 'kubernetes.io/service-name': name } },
    addressType,
    ...more,
  };
}

test('Services become one table: one target, several, none, and both families', () => {
  const services = [
    service('many', { clusterIPs: ['172.30.1.3'], ports: [{ name: 'dns', protocol: 'UDP', port: 53 }] }),
    service('dual', {
      clusterIPs: ['172.30.1.2', 'fd30::2'],
      ports: [{ name: 'web', protocol: 'TCP', port: 80 }],
    }),
    service('idle', {
      clusterIPs: ['172.30.1.4'],
      ports: [{ port: 80 }, { port: 81, protocol: 'SCTP', name: 's' }],
    }),
    service('headless', { clusterIP: 'None', clusterIPs: ['None'], ports: [{ port: 80 }] }),
  ];
  const web = [{ name: 'web', protocol: 'TCP', port: 8080 }];
  const slices = [
    slice('dual', 'IPv4', { ports: web, endpoints: [{ addresses: ['10.128.0.2'] }] }),
    slice('dual', 'IPv6', {
      ports: web,
      endpoints: [{ addresses: ['fd10:128::2'], conditions: { ready: true } }],
    }),
    slice('many', 'IPv4', {
      ports: [{ name: 'dns', protocol: 'UDP', port: 8053 }],
      endpoints: [
        { addresses: ['10.128.0.2'] },
        { addresses: ['10.128.0.3'] },
        { addresses: ['10.128.0.4'], conditions: { ready: false } },
      ],
    }),
    slice('idle', 'IPv4', { ports: null, endpoints: null }),
  ];
  expect(toProxyRuleset(toServiceRules(services, slices))).toBe(`table inet sandbox_proxy
delete table inet sandbox_proxy
table inet sandbox_proxy {
  chain prerouting {
    type nat hook prerouting priority dstnat; policy accept;
    ip daddr 172.30.1.2 meta l4proto 6 th dport 80 dnat ip to 10.128.0.2:8080
    ip6 daddr fd30::2 meta l4proto 6 th dport 80 dnat ip6 to [fd10:128::2]:8080
    ip daddr 172.30.1.3 meta l4proto 17 th dport 53 dnat ip to numgen random mod 2 map { 0 : 10.128.0.2 . 8053, 1 : 10.128.0.3 . 8053 }
  }
  chain postrouting {
    type nat hook postrouting priority srcnat - 1; policy accept;
    ip saddr 10.128.0.2 ip daddr 10.128.0.2 ct status dnat masquerade
    ip6 saddr fd10:128::2 ip6 daddr fd10:128::2 ct status dnat masquerade
    ip saddr 10.128.0.2 ip daddr 10.128.0.2 ct status dnat masquerade
    ip saddr 10.128.0.3 ip daddr 10.128.0.3 ct status dnat masquerade
  }
  chain forward {
    type filter hook forward priority filter; policy accept;
    ip daddr 172.30.1.4 meta l4proto 6 th dport 80 reject with tcp reset
    ip daddr 172.30.1.4 meta l4proto 132 th dport 81 reject with icmpx type port-unreachable
  }
}
`);
});
