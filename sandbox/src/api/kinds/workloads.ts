import { type JsonObject, jsonEqual } from '#core/schema/json-schema.ts';
import { type FieldError, invalid, required } from '../field-error.ts';
import { numberAt, objectAt, textAt, textsAt, valueAt, withDefaults } from '../json.ts';
import type { Behavior } from '../resource.ts';
import { fromSelectorObject, matchesLabels } from '../select/label-selector.ts';
import { validateLabels } from './metadata.ts';
import { validatePodSpec } from './pod.ts';
import { withPodSpecDefaults } from './pod-defaults.ts';

export const deploymentBehavior = workload((spec) => {
  const strategy = objectAt(spec, 'strategy');
  const type = textAt(strategy, 'type') ?? 'RollingUpdate';
  const rollingUpdate = withDefaults(objectAt(strategy, 'rollingUpdate'), {
    maxUnavailable: '25%',
    maxSurge: '25%',
  });
  return withDefaults(
    {
      ...spec,
      strategy: type === 'RollingUpdate' ? { ...strategy, type, rollingUpdate } : { ...strategy, type },
    },
    { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 },
  );
});

export const replicaSetBehavior = workload((spec) => withDefaults(spec, { replicas: 1 }));

export const daemonSetBehavior = workload((spec) =>
  withDefaults(spec, {
    revisionHistoryLimit: 10,
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
  }),
);

function workload(withSpecDefaults: (spec: JsonObject) => JsonObject): Behavior {
  return {
    bumpsGeneration: true,
    returnsDeleted: false,
    setDefaults(object) {
      const spec = objectAt(object, 'spec');
      const template = objectAt(spec, 'template');
      return {
        ...object,
        spec: withSpecDefaults({
          ...spec,
          template: {
            ...template,
            metadata: objectAt(template, 'metadata'),
            spec: withPodSpecDefaults(objectAt(template, 'spec')),
          },
        }),
      };
    },
    onCreate: (object) => ({ ...object, status: {} }),
    validate: validateWorkload,
  };
}

function validateWorkload(object: JsonObject, before: JsonObject | undefined): readonly FieldError[] {
  const spec = objectAt(object, 'spec');
  const selector = objectAt(spec, 'selector');
  const labels = textsAt(spec, 'template', 'metadata', 'labels');
  const shownLabels = valueAt(spec, 'template', 'metadata', 'labels');
  const replicas = numberAt(spec, 'replicas') ?? 0;
  const isSelecting = fromSelectorObject(selector).length > 0;
  const policy = textAt(spec, 'template', 'spec', 'restartPolicy');
  const isMoved = before !== undefined && !jsonEqual(objectAt(before, 'spec', 'selector'), selector);
  const strategy = objectAt(spec, 'strategy');
  const hasStrayRolling = strategy['type'] === 'Recreate' && strategy['rollingUpdate'] !== undefined;
  return [
    ...(replicas < 0 ? [invalid('spec.replicas', replicas, 'must be greater than or equal to 0')] : []),
    ...(spec['selector'] === undefined ? [required('spec.selector')] : []),
    ...(spec['selector'] !== undefined && !isSelecting
      ? [invalid('spec.selector', selector, 'empty selector is invalid for deployment')]
      : []),
    ...(!isSelecting || !matchesLabels(fromSelectorObject(selector), labels)
      ? [invalid('spec.template.metadata.labels', shownLabels, '`selector` does not match template `labels`')]
      : []),
    ...validateLabels(labels, 'spec.template.labels'),
    ...validatePodSpec(objectAt(spec, 'template', 'spec'), 'spec.template.spec'),
    ...(policy === undefined || policy === 'Always'
      ? []
      : [
          {
            reason: 'FieldValueNotSupported' as const,
            field: 'spec.template.spec.restartPolicy',
            message: `Unsupported value: "${policy}": supported values: "Always"`,
          },
        ]),
    ...(hasStrayRolling
      ? [
          {
            reason: 'FieldValueForbidden' as const,
            field: 'spec.strategy.rollingUpdate',
            message: "Forbidden: may not be specified when strategy `type` is 'Recreate'",
          },
        ]
      : []),
    ...(isMoved ? [invalid('spec.selector', selector, 'field is immutable')] : []),
  ];
}
