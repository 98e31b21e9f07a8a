import type { JsonObject } from '#core/schema/json-schema.ts';
import { listAt, nameOf, numberAt, objectAt, objectsAt, stringsAt, textAt, textsAt } from '../json.ts';
import type { Column } from '../resource.ts';

/** What `kubectl get` shows of the built-in kinds. */
export const nameColumn = text('Name', nameOf, { format: 'name' });
export const ageColumn = text('Age', (object) => ageOf(textAt(object, 'metadata', 'creationTimestamp')));

export const plainColumns: readonly Column[] = [
  nameColumn,
  text('Created At', (object) => textAt(object, 'metadata', 'creationTimestamp') ?? ''),
];
export const agedColumns: readonly Column[] = [nameColumn, ageColumn];

export const namespaceColumns: readonly Column[] = [
  nameColumn,
  text('Status', (object) => textAt(object, 'status', 'phase') ?? ''),
  ageColumn,
];

export const podColumns: readonly Column[] = [
  nameColumn,
  text('Ready', (pod) => {
    const statuses = objectsAt(pod, 'status', 'containerStatuses');
    const total = objectsAt(pod, 'spec', 'containers').length;
    return `${statuses.filter((status) => status['ready'] === true).length}/${total}`;
  }),
  text('Status', podStatus),
  text('Restarts', (pod) => {
    const statuses = objectsAt(pod, 'status', 'containerStatuses');
    return String(statuses.reduce((sum, status) => sum + (numberAt(status, 'restartCount') ?? 0), 0));
  }),
  ageColumn,
  wide('IP', (pod) => textAt(pod, 'status', 'podIP') ?? '<none>'),
  wide('Node', (pod) => textAt(pod, 'spec', 'nodeName') ?? '<none>'),
  wide('Nominated Node', (pod) => textAt(pod, 'status', 'nominatedNodeName') ?? '<none>'),
  wide('Readiness Gates', () => '<none>'),
];

export const serviceColumns: readonly Column[] = [
  nameColumn,
  text('Type', (service) => textAt(service, 'spec', 'type') ?? ''),
  text('Cluster-IP', (service) => textAt(service, 'spec', 'clusterIP') ?? '<none>'),
  text('External-IP', (service) => stringsAt(service, 'spec', 'externalIPs').join(',') || '<none>'),
  text('Port(s)', (service) => objectsAt(service, 'spec', 'ports').map(shownPort).join(',') || '<none>'),
  ageColumn,
  wide('Selector', (service) => shownLabels(textsAt(service, 'spec', 'selector'))),
];

export const endpointsColumns: readonly Column[] = [
  nameColumn,
  text(
    'Endpoints',
    (endpoints) =>
      objectsAt(endpoints, 'subsets')
        .flatMap((subset) =>
          objectsAt(subset, 'addresses').flatMap((address) =>
            objectsAt(subset, 'ports').map((port) => `${textAt(address, 'ip')}:${numberAt(port, 'port')}`),
          ),
        )
        .join(',') || '<none>',
  ),
  ageColumn,
];

export const endpointSliceColumns: readonly Column[] = [
  nameColumn,
  text('AddressType', (slice) => textAt(slice, 'addressType') ?? ''),
  text(
    'Ports',
    (slice) =>
      objectsAt(slice, 'ports')
        .map((port) => numberAt(port, 'port'))
        .join(',') || '<unset>',
  ),
  text(
    'Endpoints',
    (slice) =>
      objectsAt(slice, 'endpoints')
        .flatMap((endpoint) => stringsAt(endpoint, 'addresses'))
        .join(',') || '<unset>',
  ),
  ageColumn,
];

export const eventColumns: readonly Column[] = [
  text('Last Seen', (event) =>
    ageOf(
      textAt(event, 'lastTimestamp') ??
        textAt(event, 'deprecatedLastTimestamp') ??
        textAt(event, 'eventTime'),
    ),
  ),
  text('Type', (event) => textAt(event, 'type') ?? ''),
  text('Reason', (event) => textAt(event, 'reason') ?? ''),
  text('Object', (event) => {
    const about = { ...objectAt(event, 'involvedObject'), ...objectAt(event, 'regarding') };
    return `${(textAt(about, 'kind') ?? '').toLowerCase()}/${textAt(about, 'name') ?? ''}`;
  }),
  wide(
    'Source',
    (event) => textAt(event, 'source', 'component') ?? textAt(event, 'reportingController') ?? '',
  ),
  text('Message', (event) => textAt(event, 'message') ?? textAt(event, 'note') ?? ''),
];

export const configMapColumns: readonly Column[] = [
  nameColumn,
  number(
    'Data',
    (object) =>
      Object.keys(objectAt(object, 'data')).length + Object.keys(objectAt(object, 'binaryData')).length,
  ),
  ageColumn,
];

export const secretColumns: readonly Column[] = [
  nameColumn,
  text('Type', (secret) => textAt(secret, 'type') ?? ''),
  number('Data', (secret) => Object.keys(objectAt(secret, 'data')).length),
  ageColumn,
];

export const serviceAccountColumns: readonly Column[] = [
  nameColumn,
  number('Secrets', (account) => listAt(account, 'secrets').length),
  ageColumn,
];

export const nodeColumns: readonly Column[] = [
  nameColumn,
  text('Status', (node) => {
    const ready = objectsAt(node, 'status', 'conditions').find((one) => one['type'] === 'Ready');
    const state = ready === undefined ? 'Unknown' : ready['status'] === 'True' ? 'Ready' : 'NotReady';
    return objectAt(node, 'spec')['unschedulable'] === true ? `${state},SchedulingDisabled` : state;
  }),
  text('Roles', (node) => {
    const prefix = 'node-role.kubernetes.io/';
    const labels = Object.keys(textsAt(node, 'metadata', 'labels')).filter((key) => key.startsWith(prefix));
    return labels.map((key) => key.slice(prefix.length)).join(',') || '<none>';
  }),
  ageColumn,
  text('Version', (node) => textAt(node, 'status', 'nodeInfo', 'kubeletVersion') ?? ''),
  wide('Internal-IP', (node) => {
    const found = objectsAt(node, 'status', 'addresses').find((one) => one['type'] === 'InternalIP');
    return textAt(found, 'address') ?? '<none>';
  }),
];

export const deploymentColumns: readonly Column[] = [
  nameColumn,
  text(
    'Ready',
    (object) =>
      `${numberAt(object, 'status', 'readyReplicas') ?? 0}/${numberAt(object, 'spec', 'replicas') ?? 0}`,
  ),
  text('Up-to-date', (object) => numberAt(object, 'status', 'updatedReplicas') ?? 0),
  text('Available', (object) => numberAt(object, 'status', 'availableReplicas') ?? 0),
  ageColumn,
  ...templateColumns(),
];

export const replicaSetColumns: readonly Column[] = [
  nameColumn,
  number('Desired', (object) => numberAt(object, 'spec', 'replicas') ?? 0),
  number('Current', (object) => numberAt(object, 'status', 'replicas') ?? 0),
  number('Ready', (object) => numberAt(object, 'status', 'readyReplicas') ?? 0),
  ageColumn,
  ...templateColumns(),
];

export const daemonSetColumns: readonly Column[] = [
  nameColumn,
  number('Desired', (object) => numberAt(object, 'status', 'desiredNumberScheduled') ?? 0),
  number('Current', (object) => numberAt(object, 'status', 'currentNumberScheduled') ?? 0),
  number('Ready', (object) => numberAt(object, 'status', 'numberReady') ?? 0),
  number('Up-to-date', (object) => numberAt(object, 'status', 'updatedNumberScheduled') ?? 0),
  number('Available', (object) => numberAt(object, 'status', 'numberAvailable') ?? 0),
  text('Node Selector', (object) => shownLabels(textsAt(object, 'spec', 'template', 'spec', 'nodeSelector'))),
  ageColumn,
  ...templateColumns(),
];

export const leaseColumns: readonly Column[] = [
  nameColumn,
  text('Holder', (lease) => textAt(lease, 'spec', 'holderIdentity') ?? ''),
  ageColumn,
];

export const bindingColumns: readonly Column[] = [
  nameColumn,
  text('Role', (binding) => `${textAt(binding, 'roleRef', 'kind')}/${textAt(binding, 'roleRef', 'name')}`),
  ageColumn,
];

/** `5s`, `3m10s`, `2h`, `4d`: an age as kubectl shortens it. */
export function ageOf(time: string | undefined, now: number = Date.now()): string {
  const then = Date.parse(time ?? '');
  if (Number.isNaN(then)) return '<unknown>';
  const seconds = Math.max(0, Math.floor((now - then) / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (seconds < 120) return `${seconds}s`;
  if (minutes < 10) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${seconds % 60}s`;
  if (minutes < 180) return `${minutes}m`;
  if (hours < 8) return minutes % 60 === 0 ? `${hours}h` : `${hours}h${minutes % 60}m`;
  if (hours < 48) return `${hours}h`;
  return days < 8 && hours % 24 !== 0 ? `${days}d${hours % 24}h` : `${days}d`;
}

function podStatus(pod: JsonObject): string {
  const statuses = objectsAt(pod, 'status', 'containerStatuses');
  const state = statuses.toReversed().find((status) => status['ready'] !== true);
  const waiting = textAt(state, 'state', 'waiting', 'reason');
  const terminated = textAt(state, 'state', 'terminated', 'reason');
  const phase = textAt(pod, 'status', 'reason') ?? textAt(pod, 'status', 'phase') ?? '';
  if (textAt(pod, 'metadata', 'deletionTimestamp') !== undefined) return 'Terminating';
  return waiting ?? terminated ?? phase;
}

function shownPort(port: JsonObject): string {
  const nodePort = numberAt(port, 'nodePort');
  const node = nodePort === undefined || nodePort === 0 ? '' : `:${nodePort}`;
  return `${numberAt(port, 'port')}${node}/${textAt(port, 'protocol') ?? 'TCP'}`;
}

function shownLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return pairs.map(([key, value]) => `${key}=${value}`).join(',') || '<none>';
}

function templateColumns(): readonly Column[] {
  const containers = (object: JsonObject): readonly JsonObject[] =>
    objectsAt(object, 'spec', 'template', 'spec', 'containers');
  return [
    wide('Containers', (object) =>
      containers(object)
        .map((one) => textAt(one, 'name'))
        .join(','),
    ),
    wide('Images', (object) =>
      containers(object)
        .map((one) => textAt(one, 'image'))
        .join(','),
    ),
    wide('Selector', (object) => shownLabels(textsAt(object, 'spec', 'selector', 'matchLabels'))),
  ];
}

function text(name: string, cell: Column['cell'], more: Partial<Column> = {}): Column {
  return { name, type: 'string', priority: 0, cell, ...more };
}

function number(name: string, cell: Column['cell']): Column {
  return { name, type: 'integer', priority: 0, cell };
}

function wide(name: string, cell: Column['cell']): Column {
  return text(name, cell, { priority: 1 });
}
