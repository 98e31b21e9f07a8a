import type { JsonObject } from '#core/schema/json-schema.ts';
import { ApiError, qualified } from '../api-error.ts';
import type { User } from '../auth/user.ts';
import { nameOf, objectAt, objectsAt, stringsAt, textAt } from '../json.ts';
import { type Resource, tableOf } from '../resource.ts';
import type { Store } from '../store.ts';
import { type CompiledPolicy, compilePolicy } from './policy.ts';

const policyTable = tableOf('admissionregistration.k8s.io', 'validatingadmissionpolicies');
const bindingTable = tableOf('admissionregistration.k8s.io', 'validatingadmissionpolicybindings');

/** A write that is about to be stored. */
export interface Admission {
  readonly resource: Resource;
  readonly subresource: string | undefined;
  readonly namespace: string | undefined;
  readonly operation: 'CREATE' | 'UPDATE';
  readonly object: JsonObject;
  readonly before: JsonObject | undefined;
  readonly user: User;
}

/**
 * Holds a write against the ValidatingAdmissionPolicies that are bound.
 * @returns the warnings for the client
 * @throws ApiError 422 of the first validation that denies it
 */
export class Judge {
  readonly #store: Store;
  readonly #compiled = new WeakMap<JsonObject, CompiledPolicy>();

  constructor(store: Store) {
    this.#store = store;
  }

  judge(admission: Admission): readonly string[] {
    const warnings: string[] = [];
    for (const binding of this.#store.list(bindingTable)) {
      const policy = this.#store.get(policyTable, undefined, textAt(binding, 'spec', 'policyName') ?? '');
      if (policy === undefined || !matches(policy, admission)) continue;
      const actions = stringsAt(binding, 'spec', 'validationActions');
      const who = `ValidatingAdmissionPolicy '${nameOf(policy)}' with binding '${nameOf(binding)}'`;
      for (const message of this.#compile(policy).judge(contextOf(admission))) {
        if (actions.includes('Deny')) throw denied(admission, `${who} denied request: ${message}`);
        if (actions.includes('Warn')) warnings.push(`Validation failed for ${who}: ${message}`);
      }
    }
    return warnings;
  }

  #compile(policy: JsonObject): CompiledPolicy {
    const known = this.#compiled.get(policy) ?? compilePolicy(policy);
    this.#compiled.set(policy, known);
    return known;
  }
}

function matches(policy: JsonObject, { resource, subresource, operation }: Admission): boolean {
  const plural = subresource === undefined ? resource.plural : `${resource.plural}/${subresource}`;
  const holds = (list: readonly string[], value: string): boolean =>
    list.includes('*') || list.includes(value);
  return objectsAt(policy, 'spec', 'matchConstraints', 'resourceRules').some(
    (rule) =>
      holds(stringsAt(rule, 'apiGroups'), resource.group) &&
      holds(stringsAt(rule, 'apiVersions'), resource.version) &&
      holds(stringsAt(rule, 'operations'), operation) &&
      holds(stringsAt(rule, 'resources'), plural),
  );
}

function contextOf({ resource, namespace, operation, object, before, user }: Admission) {
  return {
    object,
    oldObject: before ?? null,
    request: {
      operation,
      name: nameOf(object),
      namespace: namespace ?? '',
      resource: { group: resource.group, version: resource.version, resource: resource.plural },
      userInfo: { username: user.name, groups: user.groups, uid: user.uid ?? '' },
    },
  };
}

function denied({ resource, object }: Admission, message: string): ApiError {
  const { group, plural } = resource;
  const name = textAt(objectAt(object, 'metadata'), 'name') ?? '';
  return new ApiError(422, 'Invalid', `${qualified(resource)} "${name}" is forbidden: ${message}`, {
    name,
    ...(group === '' ? {} : { group }),
    kind: plural,
    causes: [{ message }],
  });
}
