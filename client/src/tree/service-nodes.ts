import { t } from '#client/l10n.ts';
import { told } from '#client/told.ts';
import type { ObjectName } from '#cluster/object-ref.ts';
import type { RouterView, ServiceView } from '#cluster/view.ts';
import { hostPort } from './host-port.ts';
import { messageNodes } from './message-nodes.ts';
import type { TreeNode } from './tree-node.ts';

/** What clients call; a row of its own where they have nothing to call. */
export function serviceNodes(
  id: string,
  { services, namespace, name, mayNotSee = [] }: RouterView,
): readonly TreeNode[] {
  if (services.length > 0) return services.map((service) => serviceNode(id, { namespace, name }, service));
  // Whether there is one, nobody can say here.
  if (mayNotSee.includes('Services')) return [];
  return [
    {
      id: `${id}/service`,
      label: t`No Service`,
      description: t`clients have no address to call: Expose`,
      tooltip: t`Nothing in the cluster can reach the router yet. Expose creates a Service for it.`,
      icon: 'no-service',
      router: { namespace, name },
      command: { id: 'egressRouter.expose', title: t`Expose` },
    },
  ];
}

function serviceNode(id: string, router: ObjectName, service: ServiceView): TreeNode {
  const { namespace } = router;
  const serviceId = `${id}/service/${service.name}`;
  const host = `${service.name}.${namespace}.svc`;
  const { clusterIP, ports, outOfStep = [], leadsElsewhere = false } = service;
  const isOut = outOfStep.length > 0;
  const words = [
    ...(isOut ? [t`out of step`] : []),
    ...(clusterIP === undefined ? [] : [clusterIP]),
    service.type,
  ];
  const calls = ports.map(({ port, protocol }) => `${host}:${port} (${protocol})`).join(', ') || host;
  return {
    id: serviceId,
    label: t`Service ${service.name}`,
    description: words.join(' · '),
    // Of one that is out of step, nobody can say in a word which of its ports answer.
    tooltip: isOut
      ? [...outOfStep.map(told), ...(leadsElsewhere ? [] : [t`The Service stands at ${calls}.`])].join('\n\n')
      : t`Clients call ${calls}.`,
    spoken: [t`Service ${service.name}`, ...words].join(', '),
    icon: isOut ? 'out-of-step' : 'service',
    copy: host,
    router,
    object: { apiVersion: 'v1', kind: 'Service', namespace, name: service.name },
    ...(ports.length === 0 && !isOut
      ? {}
      : {
          isOpen: true,
          children: () => [
            ...outOfStep.flatMap((text, index) => stepNodes(`${serviceId}/step/${index}`, text)),
            ...ports.map((port) => portNode(serviceId, host, clusterIP, port)),
          ],
        }),
  };
}

/** Below the Service, a row need not say again which one clients reach the router through. */
function stepNodes(id: string, text: string): readonly TreeNode[] {
  const [, rule] = missingPort.exec(text) ?? [];
  if (rule === undefined) return messageNodes(id, text);
  return [{ id, label: t`No port for ${rule}: add it`, tooltip: told(text), icon: 'message', copy: text }];
}

const missingPort =
  /^Clients reach the router through the Service \S+, which has no port for (\S+): add it there\.$/;

function portNode(
  id: string,
  host: string,
  clusterIP: string | undefined,
  { name, port, protocol }: ServiceView['ports'][number],
): TreeNode {
  return {
    id: `${id}/${name}/${port}/${protocol}`,
    label: `${host}:${port}`,
    description: protocol,
    tooltip: hasOwnAddress(clusterIP) ? `${host}:${port}, ${hostPort(clusterIP, port)}` : `${host}:${port}`,
    icon: 'port',
    copy: `${host}:${port}`,
  };
}

/** A headless Service has none, and says `None`. */
function hasOwnAddress(clusterIP: string | undefined): clusterIP is string {
  return clusterIP !== undefined && clusterIP !== 'None';
}
