import type { ObjectRef } from '#cluster/object-ref.ts';
import type { PodView, RouterState, RouterView, RuleView, ServiceView } from '#cluster/view.ts';
import { egressRouterApiVersion, egressRouterKind } from '#core/egress-router/wire.ts';
import { nadKind } from '#core/manifest/names.ts';
import type { TreeNode } from './tree-node.ts';

/** One router and all that belongs to it. */
export function routerNode(router: RouterView): TreeNode {
  const id = `${router.namespace}/${router.name}`;
  const state = stateText(router.state);
  const [address] = router.addresses;
  return {
    id,
    label: router.name,
    description: `${router.namespace} · ${state}`,
    tooltip: [`${id}: ${state}`, ...reasons(router)].join('\n\n'),
    icon: router.state.kind,
    isOpen: true,
    router: { namespace: router.namespace, name: router.name },
    object: {
      apiVersion: egressRouterApiVersion,
      kind: egressRouterKind,
      namespace: router.namespace,
      name: router.name,
    },
    ...(address === undefined ? {} : { address: withoutPrefix(address.ip) }),
    children: [
      ...stateNodes(id, router.state),
      ...router.addresses.map((address) => addressNode(id, address)),
      rulesNode(id, router),
      ...router.pods.map((pod) => podNode(id, router.namespace, pod, router.state)),
      ...serviceNodes(id, router),
      ...objectsNodes(id, router.objects),
    ],
  };
}

export function stateText(state: RouterState): string {
  switch (state.kind) {
    case 'ready':
      return 'Ready';
    case 'simulated':
      return 'Simulated';
    case 'progressing':
      return 'Progressing';
    case 'degraded':
      return 'Degraded';
    case 'stale-rules':
      return 'Stale rules';
    case 'address-conflict':
      return 'Address conflict';
    case 'not-reconciled':
      return 'Not reconciled';
    case 'deleting':
      return 'Deleting';
  }
}

/** Everything a person must read to know why the router is not simply up, each sentence once. */
function reasons(router: RouterView): readonly string[] {
  const own = router.state.kind === 'ready' ? [] : [router.state.message];
  const pods = router.pods.flatMap(({ problem }) => (problem === undefined ? [] : [problem]));
  return [...new Set([...own, ...pods])];
}

function stateNodes(id: string, state: RouterState): readonly TreeNode[] {
  return state.kind === 'ready' ? [] : messageNodes(`${id}/state`, state.message);
}

/**
 * A row for each sentence: rows do not wrap, and the next step stands in the last one. The pod's long name would
 * push the reason out of sight, and has a row of its own.
 */
function messageNodes(id: string, message: string): readonly TreeNode[] {
  const reason = message.replace(/^Pod \S+: /, '');
  return reason.split(/(?<=[.!?])\s+(?=[A-Z])/).map((sentence, index) => ({
    id: `${id}/${index}`,
    label: sentence,
    tooltip: message,
    icon: index === 0 ? 'message' : 'continued',
    copy: message,
  }));
}

function addressNode(id: string, { ip, gateway }: RouterView['addresses'][number]): TreeNode {
  return {
    id: `${id}/address/${ip}`,
    label: ip,
    description: gateway === undefined ? 'no gateway' : `gateway ${gateway}`,
    tooltip: `Outside servers see connections come from ${withoutPrefix(ip)}.`,
    icon: 'address',
    copy: withoutPrefix(ip),
    address: withoutPrefix(ip),
  };
}

function withoutPrefix(ip: string): string {
  return ip.replace(/\/.*/, '');
}

function rulesNode(id: string, { rules, fallbackIP }: RouterView): TreeNode {
  return {
    id: `${id}/rules`,
    label: 'Rules',
    description: rules.length === 0 && fallbackIP !== undefined ? `all to ${fallbackIP}` : `${rules.length}`,
    icon: 'rules',
    children: [
      ...rules.map((rule) => ruleNode(`${id}/rules`, rule)),
      {
        id: `${id}/rules/other`,
        label: rules.length === 0 ? 'All ports' : 'Other ports',
        description: fallbackIP === undefined ? 'rejected' : `→ ${fallbackIP}, same port (fallback)`,
        icon: 'rule',
      },
    ],
  };
}

function ruleNode(id: string, { port, protocol, destinationIP, targetPort }: RuleView): TreeNode {
  const destination = hostPort(destinationIP, targetPort);
  return {
    id: `${id}/${port}/${protocol}`,
    label: `${port}/${protocol}`,
    description: `→ ${destination}`,
    tooltip: `Connections to port ${port}/${protocol} of the router go to ${destination}.`,
    icon: 'rule',
    copy: destination,
  };
}

function podNode(id: string, namespace: string, pod: PodView, state: RouterState): TreeNode {
  const where = pod.node === undefined ? '' : ` on ${pod.node}`;
  // What the router says already is not said again below it.
  const said = state.kind === 'ready' ? '' : state.message;
  const sentences = [pod.problem, pod.simulated].flatMap((text) =>
    text === undefined || said.includes(text) ? [] : [text],
  );
  return {
    id: `${id}/pod/${pod.name}`,
    label: 'Pod',
    description: `${podState(pod)}${where} · ${pod.name}`,
    tooltip: [`Pod ${pod.name}: ${podState(pod)}${where}`, pod.problem ?? []].flat().join('\n\n'),
    icon: 'pod',
    copy: pod.name,
    object: { apiVersion: 'v1', kind: 'Pod', namespace, name: pod.name },
    children: [
      ...sentences.flatMap((text, index) => messageNodes(`${id}/pod/${pod.name}/why/${index}`, text)),
      ...interfaceNodes(`${id}/pod/${pod.name}`, pod),
    ],
    isOpen: sentences.length > 0,
  };
}

function podState({ ready, phase, simulated }: PodView): string {
  if (simulated !== undefined) return 'simulated';
  return ready ? 'ready' : phase.toLowerCase();
}

function interfaceNodes(id: string, { net1, podIP }: PodView): readonly TreeNode[] {
  return [
    ...(podIP === undefined
      ? []
      : [{ id: `${id}/eth0`, label: 'eth0', description: podIP, icon: 'interface', copy: podIP } as const]),
    net1 === undefined
      ? { id: `${id}/net1`, label: 'net1', description: 'not attached yet', icon: 'interface' }
      : {
          id: `${id}/net1`,
          label: 'net1',
          description: [net1.ips.join(', '), net1.mac].filter(Boolean).join(' · '),
          tooltip:
            net1.mac === undefined
              ? 'The interface that owns the reserved address.'
              : `The interface that owns the reserved address. A platform that filters MAC addresses must admit ${net1.mac}.`,
          icon: 'interface',
          copy: net1.mac ?? net1.ips.join(' '),
        },
  ];
}

function serviceNodes(id: string, { services, namespace, name }: RouterView): readonly TreeNode[] {
  if (services.length > 0) return services.map((service) => serviceNode(id, namespace, service));
  return [
    {
      id: `${id}/service`,
      label: 'No Service',
      description: 'clients have no address to call: Expose',
      tooltip: 'Nothing in the cluster can reach the router yet. Expose creates a Service for it.',
      icon: 'no-service',
      router: { namespace, name },
      command: { id: 'egressRouter.expose', title: 'Expose' },
    },
  ];
}

function serviceNode(id: string, namespace: string, service: ServiceView): TreeNode {
  const host = `${service.name}.${namespace}.svc`;
  const { clusterIP } = service;
  return {
    id: `${id}/service/${service.name}`,
    label: `Service ${service.name}`,
    description: `${service.type}${clusterIP === undefined ? '' : ` ${clusterIP}`}`,
    tooltip: `Clients call ${service.ports.map(({ port, protocol }) => `${host}:${port} (${protocol})`).join(', ') || host}.`,
    icon: 'service',
    copy: host,
    object: { apiVersion: 'v1', kind: 'Service', namespace, name: service.name },
    isOpen: true,
    children: service.ports.map(({ port, protocol, name }): TreeNode => {
      return {
        id: `${id}/service/${service.name}/${name}/${port}/${protocol}`,
        label: `${host}:${port}`,
        description: protocol,
        tooltip: hasOwnAddress(clusterIP)
          ? `${host}:${port}, ${hostPort(clusterIP, port)}`
          : `${host}:${port}`,
        icon: 'port',
        copy: `${host}:${port}`,
      };
    }),
  };
}

/** A headless Service has none, and says `None`. */
function hasOwnAddress(clusterIP: string | undefined): clusterIP is string {
  return clusterIP !== undefined && clusterIP !== 'None';
}

function objectsNodes(id: string, objects: readonly ObjectRef[]): readonly TreeNode[] {
  return objects.map((object) => ({
    id: `${id}/object/${object.kind}/${object.name}`,
    // The long kind leaves no room for the name.
    label: object.kind === nadKind ? 'NAD' : object.kind,
    description: object.name,
    tooltip: `${object.kind} ${object.name}`,
    icon: 'object',
    copy: object.name,
    object,
  }));
}

/** RFC 3986 §3.2.2: an IPv6 address stands in brackets before a port. */
export function hostPort(ip: string, port: number): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
}
