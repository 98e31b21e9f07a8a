import type { JsonObject } from '#core/schema/json-schema.ts';
import { type FieldError, forbiddenField, invalid } from '../field-error.ts';
import { objectsAt, textAt, valueAt } from '../json.ts';
import type { Behavior } from '../resource.ts';
import { type CelContext, compileCel, type NamedExpression } from './cel.ts';

/** A ValidatingAdmissionPolicy, ready to be asked. */
export interface CompiledPolicy {
  /** The messages of the validations that do not hold; none where the policy does not apply. */
  readonly judge: (context: CelContext) => readonly string[];
}

/** @throws Error where an expression is not CEL; `validatePolicy` has told that before. */
export function compilePolicy(policy: JsonObject): CompiledPolicy {
  const { variables } = partsOf(policy);
  const conditions = objectsAt(policy, 'spec', 'matchConditions').map((one) =>
    compileCel(textAt(one, 'expression') ?? '', variables),
  );
  const validations = objectsAt(policy, 'spec', 'validations').map((one) => {
    const expression = textAt(one, 'expression') ?? '';
    const message = textAt(one, 'message') ?? `failed expression: ${expression}`;
    return { holds: compileCel(expression, variables), tell: toTell(one, variables, message) };
  });
  const isStrict = (textAt(policy, 'spec', 'failurePolicy') ?? 'Fail') === 'Fail';
  return {
    judge(context) {
      try {
        if (conditions.some((holds) => holds(context) !== true)) return [];
      } catch (error) {
        return isStrict ? [failure(error)] : [];
      }
      return validations.flatMap(({ holds, tell }) => {
        try {
          return holds(context) === true ? [] : [tell(context)];
        } catch (error) {
          return isStrict ? [failure(error)] : [];
        }
      });
    },
  };
}

/** An expression that gives no message of one line is passed over, as an API server does. */
function toTell(
  validation: JsonObject,
  variables: readonly NamedExpression[],
  message: string,
): (context: CelContext) => string {
  const expression = textAt(validation, 'messageExpression');
  if (expression === undefined) return () => message;
  const evaluate = compileCel(expression, variables);
  return (context) => {
    try {
      const told = evaluate(context);
      return typeof told === 'string' && /^.{1,5120}$/.test(told) ? told : message;
    } catch {
      return message;
    }
  };
}

export const policyBehavior: Behavior = {
  bumpsGeneration: true,
  returnsDeleted: false,
  validate: validatePolicy,
};

export const policyBindingBehavior: Behavior = { bumpsGeneration: true, returnsDeleted: false };

/** What a server of ours cannot hold a write against is refused, not passed over. */
function validatePolicy(policy: JsonObject): readonly FieldError[] {
  const { variables, expressions } = partsOf(policy);
  const unknown = [
    ['spec', 'paramKind'],
    ['spec', 'matchConstraints', 'namespaceSelector'],
    ['spec', 'matchConstraints', 'objectSelector'],
    ['spec', 'matchConstraints', 'excludeResourceRules'],
  ].filter((path) => valueAt(policy, ...path) !== undefined);
  return [
    ...unknown.map((path) => forbiddenField(path.join('.'), 'this server does not know it')),
    ...[...variables.map((one) => ({ ...one, field: 'spec.variables' })), ...expressions].flatMap(
      ({ expression, field }) => {
        try {
          compileCel(expression, []);
          return [];
        } catch (error) {
          return [invalid(field, expression, `compilation failed: ${failure(error)}`)];
        }
      },
    ),
  ];
}

function partsOf(policy: JsonObject) {
  const expressionsOf = (field: string) =>
    objectsAt(policy, 'spec', field).map((one) => ({
      name: textAt(one, 'name') ?? '',
      expression: textAt(one, 'expression') ?? '',
      field: `spec.${field}`,
    }));
  return {
    variables: expressionsOf('variables'),
    expressions: [
      ...expressionsOf('matchConditions'),
      ...expressionsOf('validations'),
      ...objectsAt(policy, 'spec', 'validations').flatMap((one) => {
        const expression = textAt(one, 'messageExpression');
        return expression === undefined ? [] : [{ name: '', expression, field: 'spec.validations' }];
      }),
    ],
  };
}

function failure(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
