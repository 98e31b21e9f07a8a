import type { IfName } from '#core/net/ifname.ts';
import type { Ip } from '#core/net/ip.ts';
import type { Mac } from '#core/net/mac.ts';
import type { Finding, Remedy } from './finding.ts';
import type { Platform } from './platform.ts';

/** What the platform has to let through. */
export interface Passage {
  readonly namespace: string;
  readonly name: string;
  readonly ips: readonly Ip[];
  readonly mac: PassageMac;
  readonly nic?: IfName;
  /** Where its pod is, else every node that it may come to; with the address by which the platform knows each. */
  readonly nodes: readonly { readonly name: string; readonly ip?: Ip }[];
}

export type PassageMac =
  | { readonly kind: 'fixed'; readonly mac: Mac }
  /** The next pod has another one. */
  | { readonly kind: 'of-pod'; readonly mac: Mac }
  /** At random, and the pod is not there yet. */
  | { readonly kind: 'unknown' }
  /** In passthru: that of the NIC itself. */
  | { readonly kind: 'of-nic' };

/**
 * Whether frames of the router get through, and what has to be set so that they do.
 *
 * @param passage absent: of any router
 */
export function checkPlatform(platform: Platform, passage: Passage | undefined): Finding {
  const code = 'platform';
  switch (platform.kind) {
    case 'no-layer-2':
      return {
        code,
        verdict: 'error',
        message: `${platform.name} carries no frames of a MAC address that it did not give out, so a router would never get an answer. Use an EgressIP, with which pods leave the cluster by an address of their own.`,
        ...(passage === undefined ? {} : { remedy: egressIp(passage) }),
      };
    case 'openstack':
      return {
        code,
        verdict: 'warning',
        message: `OpenStack lets a port send only from its own address: allow that of the router on the Neutron port of each node that its pod may run on.${macNote(passage)}`,
        remedy: openstack(passage),
      };
    case 'vsphere':
      return {
        code,
        verdict: 'warning',
        message:
          'vSphere drops frames of other MAC addresses unless the port group of the nodes accepts promiscuous mode, MAC address changes and forged transmits.',
        remedy: vsphere(passage),
      };
    case 'ovirt':
      return {
        code,
        verdict: 'warning',
        message:
          'oVirt and RHV drop frames of other MAC addresses unless the vNIC profile of the nodes has no network filter.',
        remedy: ovirt(passage),
      };
    case 'own-machines':
      return {
        code,
        verdict: platform.isCertain ? 'ok' : 'information',
        message: `${platform.isCertain ? 'Own machines carry frames of a router.' : 'Nothing tells what the nodes run on.'} A switch with port security must admit ${macText(passage)}.`,
        ...ownMac(passage),
      };
    case 'unknown':
      return {
        code,
        verdict: 'warning',
        message: `Whether the platform ${platform.name} carries frames of another MAC address than those of its machines is not known. It must admit ${macText(passage)}.`,
        ...ownMac(passage),
      };
  }
}

function macText(passage: Passage | undefined): string {
  const mac = passage?.mac;
  if (mac?.kind === 'fixed' || mac?.kind === 'of-pod') return `the MAC address ${mac.mac}`;
  return mac?.kind === 'of-nic' ? 'that of the NIC alone' : 'one more MAC address';
}

function ownMac(passage: Passage | undefined): Pick<Finding, 'own'> {
  const mac = passage?.mac;
  return mac?.kind === 'fixed' || mac?.kind === 'of-pod' ? { own: mac.mac } : {};
}

function macNote(passage: Passage | undefined): string {
  switch (passage?.mac.kind) {
    case 'unknown':
      return ' Its MAC address is known once the pod runs: check then, and after each restart, as a new pod has another one.';
    case 'of-pod':
      return ' The next pod has another MAC address: allow it then.';
    case 'fixed':
    case 'of-nic':
    case undefined:
      return '';
  }
}

/** As an argument of `--allowed-address`; without a MAC Neutron takes the port's own. */
function macPart(mac: PassageMac = { kind: 'unknown' }): string {
  if (mac.kind === 'of-nic') return '';
  return `,mac-address=${mac.kind === 'unknown' ? '<MAC>' : mac.mac}`;
}

function egressIp({ name, namespace, ips }: Passage): Remedy {
  return {
    title: 'EgressIP in place of the router, where the cluster network is OVN-Kubernetes',
    text: `---
apiVersion: k8s.ovn.org/v1
kind: EgressIP
metadata:
  name: ${namespace}-${name}
spec:
  egressIPs:
${ips.map((ip) => `    - "${ip}"`).join('\n')}
  namespaceSelector:
    matchLabels:
      kubernetes.io/metadata.name: ${namespace}
`,
  };
}

function openstack(passage: Passage | undefined): Remedy {
  const allowed = (passage?.ips ?? ['<IP>']).map(
    (ip) => `--allowed-address ip-address=${ip}${macPart(passage?.mac)}`,
  );
  const nodes = passage?.nodes ?? [];
  const ports =
    nodes.length === 0
      ? [{ before: '', port: '<port of the node>' }]
      : nodes.map(({ name, ip }) => ({
          before: `# node ${name}\n`,
          port:
            ip === undefined
              ? `<port of ${name}>`
              : `"$(openstack port list --fixed-ip ip-address=${ip} -f value -c ID)"`,
        }));
  return {
    title: 'Commands for OpenStack',
    text: ports
      .map(({ before, port }) => `${before}openstack port set ${allowed.join(' ')} ${port}\n`)
      .join(''),
  };
}

function vsphere(passage: Passage | undefined): Remedy {
  const group = `<port group of ${passage?.nic ?? 'the nodes'}>`;
  const what = 'AllowPromiscuous $true -MacChanges $true -ForgedTransmits $true';
  return {
    title: 'PowerCLI for vSphere',
    text: `${headline(passage)}# Standard switch:
Get-VirtualPortGroup -Name "${group}" | Get-SecurityPolicy | Set-SecurityPolicy -${what}
# Distributed switch:
Get-VDPortgroup -Name "${group}" | Get-VDSecurityPolicy | Set-VDSecurityPolicy -${what}
`,
  };
}

function ovirt(passage: Passage | undefined): Remedy {
  return {
    title: 'Ansible task for oVirt and RHV',
    text: `${headline(passage)}- name: Remove the network filter of the nodes' vNIC profile
  ovirt.ovirt.ovirt_vnic_profile:
    name: <vNIC profile of ${passage?.nic ?? 'the nodes'}>
    network: <network>
    data_center: <data center>
    network_filter: ""
`,
  };
}

function headline(passage: Passage | undefined): string {
  if (passage === undefined) return '';
  const { namespace, name, ips, mac } = passage;
  return `# For ${namespace}/${name}: ${ips.join(', ')}${'mac' in mac ? `, MAC ${mac.mac}` : ''}\n`;
}
