/** What the nodes of a cluster run on, by what it does with frames of a MAC address that it does not know. */
export type Platform =
  | { readonly kind: 'no-layer-2' | 'unknown'; readonly name: string }
  | { readonly kind: 'openstack' | 'ovirt' | 'vsphere' }
  /** Machines of one's own, or that nothing tells of. */
  | { readonly kind: 'own-machines'; readonly isCertain: boolean };

/**
 * @param type of `infrastructures.config.openshift.io/cluster`, `status.platformStatus.type`
 * @param providerIds `spec.providerID` of the nodes: `openstack:///…`; the first that names a platform decides
 */
export function toPlatform(type: string | undefined, providerIds: readonly string[]): Platform {
  if (type !== undefined) return platformOf(type.toLowerCase(), type);
  const schemes = providerIds.map((id) => /^([a-z0-9+.-]+):\/\//i.exec(id)?.[1] ?? '');
  const scheme = schemes.find((one) => one !== '');
  return scheme === undefined
    ? { kind: 'own-machines', isCertain: false }
    : platformOf(schemesOf.get(scheme.toLowerCase()) ?? scheme.toLowerCase(), scheme);
}

function platformOf(key: string, name: string): Platform {
  const cloud = clouds.get(key);
  if (cloud !== undefined) return { kind: 'no-layer-2', name: cloud };
  switch (key) {
    case 'openstack':
    case 'ovirt':
    case 'vsphere':
      return { kind: key };
    case 'baremetal':
    case 'none':
      return { kind: 'own-machines', isCertain: true };
    default:
      return { kind: 'unknown', name };
  }
}

/** They carry only frames of the addresses that they gave out. */
const clouds: ReadonlyMap<string, string> = new Map([
  ['aws', 'AWS'],
  ['azure', 'Azure'],
  ['gcp', 'Google Cloud'],
  ['ibmcloud', 'IBM Cloud'],
  ['alibabacloud', 'Alibaba Cloud'],
  ['digitalocean', 'DigitalOcean'],
  ['hcloud', 'Hetzner Cloud'],
  ['linode', 'Linode'],
  ['oci', 'Oracle Cloud'],
]);

/** Where a providerID calls a platform by another name than the Infrastructure does. */
const schemesOf: ReadonlyMap<string, string> = new Map([
  ['gce', 'gcp'],
  ['ibm', 'ibmcloud'],
  ['alicloud', 'alibabacloud'],
  ['baremetalhost', 'baremetal'],
  ['metal3', 'baremetal'],
  ['kind', 'none'],
  ['k3s', 'none'],
]);
