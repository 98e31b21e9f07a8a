import { t } from '#client/l10n.ts';
import { told } from '#client/told.ts';
import type { RouterState, RouterView, RuleView } from '#cluster/view.ts';
import { egressRouterApiVersion, egressRouterKind } from '#core/egress-router/wire.ts';
import { nadKind } from '#core/manifest/names.ts';
import { hostPort } from './host-port.ts';
import { messageNodes } from './message-nodes.ts';
import { podNode } from './pod-node.ts';
import { serviceNodes } from './service-nodes.ts';
import type { TreeNode } from './tree-node.ts';
import { unseenNodes } from './unseen-nodes.ts';
import { warningNodes } from './warning-nodes.ts';

export interface RouterNodeOptions {
  readonly isOpen: boolean;
  /** False where the row stands below its namespace, or there is only one. */
  readonly hasNamespace: boolean;
  readonly last?: ((router: RouterView) => readonly TreeNode[]) | undefined;
}

/** One router and all that belongs to it. */
export function routerNode(router: RouterView, { isOpen, hasNamespace, last }: RouterNodeOptions): TreeNode {
  const { namespace, name } = router;
  const id = routerId(router);
  const state = stateText(router.state);
  const [address] = router.addresses;
  const short = [...shortReason(router.state), ...servicesAstray(router)];
  const why = isOpen ? [] : short;
  return {
    id,
    label: name,
    // In a narrow view the end is not seen.
    description: [state, ...(hasNamespace ? [namespace] : []), ...why].join(' · '),
    tooltip: [`${id}: ${state}`, ...reasons(router)].join('\n\n'),
    spoken: [name, state, t`namespace ${namespace}`, ...short].join(', '),
    icon: isOutOfStep(router) && isUp(router.state) ? 'ready-out-of-step' : router.state.kind,
    isOpen,
    router: { namespace, name },
    object: { apiVersion: egressRouterApiVersion, kind: egressRouterKind, namespace, name },
    ...(address === undefined ? {} : { address: withoutPrefix(address.ip) }),
    children: () => [
      ...stateNodes(id, router.state),
      ...unseenNodes(id, router),
      ...router.addresses.map((one) => addressNode(id, one, macOf(router, one.ip))),
      rulesNode(id, router),
      ...router.pods.map((pod) => podNode(id, namespace, pod, router.state)),
      ...serviceNodes(id, router),
      ...objectNodes(id, router),
      ...warningNodes(id, router.warnings),
      ...(last?.(router) ?? []),
    ],
  };
}

/** A slash, as no name has one. */
export function routerId({ namespace, name }: Pick<RouterView, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}

export function stateText(state: RouterState): string {
  switch (state.kind) {
    case 'ready':
      return t`Ready`;
    case 'simulated':
      return t`Simulated`;
    case 'progressing':
      return t`Progressing`;
    case 'degraded':
      return t`Degraded`;
    case 'stale-rules':
      return t`Stale rules`;
    case 'address-conflict':
      return t`Address conflict`;
    case 'not-reconciled':
      return t`Not reconciled`;
    case 'deleting':
      return t`Deleting`;
  }
}

/** Everything a person must read to know why the router is not simply up, each sentence once. */
function reasons(router: RouterView): readonly string[] {
  const own = router.state.message === undefined ? [] : [router.state.message];
  const pods = router.pods.flatMap(({ problem }) => (problem === undefined ? [] : [problem]));
  const astray = router.services.flatMap(({ outOfStep = [] }) => outOfStep);
  return [...new Set([...own, ...pods, ...astray])].map(told);
}

/** What can be wrong with a router that is up: its clients leave by another address, or some are refused. */
function servicesAstray({ services }: RouterView): readonly string[] {
  return services.flatMap(({ name, leadsElsewhere, outOfStep = [] }) => {
    if (leadsElsewhere === true) return [t`Service ${name} leads elsewhere`];
    return outOfStep.length === 0 ? [] : [t`Service ${name} out of step`];
  });
}

/** Whether clients that call one of its Services do not get what they ask for. */
export function isOutOfStep({ services }: RouterView): boolean {
  return services.some(
    ({ leadsElsewhere, outOfStep = [] }) => leadsElsewhere === true || outOfStep.length > 0,
  );
}

function isUp({ kind }: RouterState): boolean {
  return kind === 'ready' || kind === 'simulated';
}

/** The first sentence of what is wrong. */
function shortReason(state: RouterState): readonly string[] {
  switch (state.kind) {
    case 'ready':
    case 'simulated':
    case 'deleting':
      return [];
    case 'progressing':
    case 'degraded':
    case 'stale-rules':
    case 'address-conflict':
    case 'not-reconciled':
      return messageNodes('', state.message)
        .slice(0, 1)
        .map(({ label }) => label);
  }
}

function stateNodes(id: string, state: RouterState): readonly TreeNode[] {
  return state.message === undefined ? [] : messageNodes(`${id}/state`, state.message);
}

function addressNode(
  id: string,
  { ip, gateway }: RouterView['addresses'][number],
  mac: string | undefined,
): TreeNode {
  const address = withoutPrefix(ip);
  const admit = mac === undefined ? [] : [t`A platform that filters MAC addresses must admit ${mac}.`];
  return {
    id: `${id}/address/${ip}`,
    label: ip,
    description: [...(mac ? [mac] : []), gateway ? t`gateway ${gateway}` : t`no gateway`].join(' · '),
    tooltip: [t`Outside servers see connections come from ${address}.`, ...admit].join('\n\n'),
    spoken: [t`Address ${ip}`, mac ? t`MAC ${mac}` : [], gateway ? t`gateway ${gateway}` : t`no gateway`]
      .flat()
      .join(', '),
    icon: 'address',
    copy: address,
    address,
  };
}

/** Of the interface that holds the address; where Multus names no addresses, of the only one there is. */
function macOf({ pods }: RouterView, ip: string): string | undefined {
  const attached = pods.flatMap(({ net1 }) => (net1 === undefined ? [] : [net1]));
  const holder = attached.find(({ ips }) => ips.some((one) => withoutPrefix(one) === withoutPrefix(ip)));
  return (holder ?? attached.find(({ ips }) => ips.length === 0))?.mac;
}

function withoutPrefix(ip: string): string {
  return ip.replace(/\/.*/, '');
}

function rulesNode(id: string, { rules, fallbackIP }: RouterView): TreeNode {
  const only = rules.length === 0 && fallbackIP !== undefined;
  return {
    id: `${id}/rules`,
    label: t`Rules`,
    description: only ? t`all to ${fallbackIP}` : `${rules.length}`,
    spoken: only ? t`Rules, all to ${fallbackIP}` : rules.length === 1 ? t`1 rule` : t`${rules.length} rules`,
    icon: 'rules',
    children: () => [
      ...rules.map((rule) => ruleNode(`${id}/rules`, rule)),
      {
        id: `${id}/rules/other`,
        label: rules.length === 0 ? t`All ports` : t`Other ports`,
        description: fallbackIP === undefined ? t`rejected` : t`→ ${fallbackIP}, same port (fallback)`,
        icon: 'rule',
        ...(fallbackIP === undefined
          ? {}
          : { copy: fallbackIP, spoken: t`Other ports go to ${fallbackIP}, same port, fallback` }),
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
    tooltip: t`Connections to port ${port}/${protocol} of the router go to ${destination}.`,
    spoken: t`Port ${port}, ${protocol}, goes to ${destination}`,
    icon: 'rule',
    copy: destination,
  };
}

function objectNodes(id: string, { objects }: RouterView): readonly TreeNode[] {
  return objects.map((object) => ({
    id: `${id}/object/${object.kind}/${object.name}`,
    // The long kind leaves no room for the name.
    label: object.kind === nadKind ? 'NAD' : object.kind,
    description: object.name,
    tooltip: `${object.kind} ${object.name}`,
    spoken: `${object.kind} ${object.name}`,
    icon: 'object',
    copy: object.name,
    object,
  }));
}
