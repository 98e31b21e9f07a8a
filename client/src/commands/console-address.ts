import type { ObjectRef } from '#cluster/object-ref.ts';

/** The page of an object in the console of OKD: `…/k8s/ns/demo/network.operator.openshift.io~v1~EgressRouter/a`. */
export function consoleAddress(url: string, { apiVersion, kind, namespace, name }: ObjectRef): string {
  const place = namespace === undefined ? 'cluster' : `ns/${encodeURIComponent(namespace)}`;
  const [group, version] = apiVersion.split('/');
  // What Kubernetes itself brings has short names there.
  const model =
    version === undefined || group === 'apps' ? `${kind.toLowerCase()}s` : `${group}~${version}~${kind}`;
  return `${url.replace(/\/+$/, '')}/k8s/${place}/${model}/${encodeURIComponent(name)}`;
}
