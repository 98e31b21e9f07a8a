import { amountOf, isQuantity } from '#core/egress-router/quantity.ts';
import { type JsonObject, jsonEqual } from '#core/schema/json-schema.ts';
import { forbidden } from '../api-error.ts';
import {
  type FieldError,
  forbiddenField,
  invalid,
  notFoundField,
  notSupported,
  required,
} from '../field-error.ts';
import { nameOf, namespaceOf, objectAt, objectsAt, textAt, textsAt, valueAt, withValue } from '../json.ts';
import type { Behavior } from '../resource.ts';
import { duplicates } from './duplicates.ts';
import { dnsLabel } from './name-rules.ts';
import { qosClassOf, withAdmittedFields, withPodDefaults } from './pod-defaults.ts';

export const podBehavior: Behavior = {
  bumpsGeneration: true,
  returnsDeleted: true,
  setDefaults: withPodDefaults,
  onCreate(pod, { store }) {
    const namespace = namespaceOf(pod) ?? '';
    const account = textAt(pod, 'spec', 'serviceAccountName') ?? 'default';
    if (store.get('serviceaccounts', namespace, account) === undefined) {
      const why = `error looking up service account ${namespace}/${account}: serviceaccount "${account}" not found`;
      throw forbidden({ group: '', plural: 'pods' }, nameOf(pod), why);
    }
    const priorityClass = textAt(pod, 'spec', 'priorityClassName') ?? '';
    if (priorityClass !== '' && !priorityClasses.includes(priorityClass)) {
      const why = `no PriorityClass with name ${priorityClass} was found`;
      throw forbidden({ group: '', plural: 'pods' }, nameOf(pod), why);
    }
    const status = { phase: 'Pending', qosClass: qosClassOf(objectAt(pod, 'spec')) };
    return { ...withAdmittedFields(pod), status };
  },
  validate(pod, before) {
    const errors = validatePodSpec(objectAt(pod, 'spec'), 'spec');
    return before === undefined ? errors : [...errors, ...validateUpdate(pod, before)];
  },
  selectable: (pod) => ({
    'spec.nodeName': textAt(pod, 'spec', 'nodeName') ?? '',
    'spec.restartPolicy': textAt(pod, 'spec', 'restartPolicy') ?? '',
    'spec.schedulerName': textAt(pod, 'spec', 'schedulerName') ?? '',
    'spec.serviceAccountName': textAt(pod, 'spec', 'serviceAccountName') ?? '',
    'spec.hostNetwork': String(valueAt(pod, 'spec', 'hostNetwork') === true),
    'status.phase': textAt(pod, 'status', 'phase') ?? '',
    'status.podIP': textAt(pod, 'status', 'podIP') ?? '',
    'status.nominatedNodeName': textAt(pod, 'status', 'nominatedNodeName') ?? '',
  }),
};

/** Those that every cluster has; the sandbox knows no kind to make more of. */
const priorityClasses = ['system-cluster-critical', 'system-node-critical'];

/** For pods and for templates; `field` is where the spec stands. */
export function validatePodSpec(spec: JsonObject, field: string): readonly FieldError[] {
  const containers = objectsAt(spec, 'containers');
  const volumes = objectsAt(spec, 'volumes').map((volume) => textAt(volume, 'name') ?? '');
  const all = [
    ...objectsAt(spec, 'initContainers').map((one, index) => ({
      one,
      at: `${field}.initContainers[${index}]`,
    })),
    ...containers.map((one, index) => ({ one, at: `${field}.containers[${index}]` })),
  ];
  return [
    ...(containers.length === 0 ? [required(`${field}.containers`)] : []),
    ...all.flatMap(({ one, at }) => validateContainer(one, at, volumes)),
    ...duplicates(objectsAt(spec, 'containers'), 'name', `${field}.containers`),
    ...duplicates(objectsAt(spec, 'volumes'), 'name', `${field}.volumes`),
    ...oneOf(spec, 'restartPolicy', ['Always', 'Never', 'OnFailure'], field),
    ...oneOf(spec, 'dnsPolicy', ['ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None'], field),
  ];
}

function validateContainer(
  container: JsonObject,
  at: string,
  volumes: readonly string[],
): readonly FieldError[] {
  const name = textAt(container, 'name') ?? '';
  const nameFault = dnsLabel(name);
  return [
    ...(name === ''
      ? [required(`${at}.name`)]
      : nameFault === undefined
        ? []
        : [invalid(`${at}.name`, name, nameFault)]),
    ...((textAt(container, 'image') ?? '') === '' ? [required(`${at}.image`)] : []),
    ...oneOf(container, 'imagePullPolicy', ['Always', 'IfNotPresent', 'Never'], at),
    ...validateResources(container, at),
    ...objectsAt(container, 'ports').flatMap((port, index) => validatePort(port, `${at}.ports[${index}]`)),
    ...objectsAt(container, 'env').flatMap((variable, index) =>
      (textAt(variable, 'name') ?? '') === '' ? [required(`${at}.env[${index}].name`)] : [],
    ),
    ...objectsAt(container, 'volumeMounts').flatMap((mount, index) => {
      const volume = textAt(mount, 'name') ?? '';
      const where = `${at}.volumeMounts[${index}]`;
      if (volume === '') return [required(`${where}.name`)];
      if ((textAt(mount, 'mountPath') ?? '') === '') return [required(`${where}.mountPath`)];
      return volumes.includes(volume) ? [] : [notFoundField(`${where}.name`, volume)];
    }),
  ];
}

function validateResources(container: JsonObject, at: string): readonly FieldError[] {
  const limits = textsAt(container, 'resources', 'limits');
  return Object.entries(textsAt(container, 'resources', 'requests')).flatMap(([name, request]) => {
    const limit = limits[name];
    if (limit === undefined || !isQuantity(request) || !isQuantity(limit)) return [];
    if (amountOf(request) <= amountOf(limit)) return [];
    const why = `must be less than or equal to ${name} limit of ${limit}`;
    return [invalid(`${at}.resources.requests`, request, why)];
  });
}

function validatePort(port: JsonObject, at: string): readonly FieldError[] {
  const number = port['containerPort'];
  const isPort = typeof number === 'number' && number >= 1 && number <= 65535;
  return [
    ...(number === undefined
      ? [required(`${at}.containerPort`)]
      : isPort
        ? []
        : [invalid(`${at}.containerPort`, number, 'must be between 1 and 65535, inclusive')]),
    ...oneOf(port, 'protocol', ['SCTP', 'TCP', 'UDP'], at),
  ];
}

export function oneOf(
  object: JsonObject,
  key: string,
  supported: readonly string[],
  field: string,
): readonly FieldError[] {
  const value = object[key];
  if (value === undefined || (typeof value === 'string' && supported.includes(value))) return [];
  return [notSupported(`${field}.${key}`, value, supported)];
}

/** A pod's spec stands, but for images, tolerations that are added, and what a binding sets. */
function validateUpdate(pod: JsonObject, before: JsonObject): readonly FieldError[] {
  if (jsonEqual(fixedPart(pod), fixedPart(before))) return [];
  return [
    forbiddenField(
      'spec',
      'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,' +
        '`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),' +
        '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
    ),
  ];
}

function fixedPart(pod: JsonObject): JsonObject {
  const spec = objectAt(pod, 'spec');
  const withoutImages = (key: string): readonly JsonObject[] =>
    objectsAt(spec, key).map((container) => withValue(container, ['image'], undefined));
  return {
    ...spec,
    containers: withoutImages('containers'),
    initContainers: withoutImages('initContainers'),
    activeDeadlineSeconds: null,
    tolerations: null,
    terminationGracePeriodSeconds: null,
    schedulingGates: null,
  };
}
