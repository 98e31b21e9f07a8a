import type { SpellingProblemCode } from '#core/egress-router/checks/spellings.ts';
import type { Path, Problem } from '#core/problem.ts';
import { isJsonObject, type JsonSchema } from '#core/schema/json-schema.ts';
import { compileSchema, type SchemaProblem } from '#core/schema/validate.ts';

/** What the API server refuses in the ports of a Service. */
export function checkServicePorts(ports: unknown): readonly Problem<SpellingProblemCode>[] {
  if (ports === undefined || ports === null) return [];
  return [...validatePorts(ports, path).map(toProblem), ...nameless(ports)];
}

const path: Path = ['spec', 'ports'];
const port: JsonSchema = { type: 'integer', minimum: 1, maximum: 65535 };
const text: JsonSchema = { type: 'string', nullable: true };

const validatePorts = compileSchema({
  type: 'array',
  items: {
    type: 'object',
    required: ['port'],
    properties: {
      name: { ...text, maxLength: 63 },
      port,
      protocol: { ...text, enum: ['TCP', 'UDP', 'SCTP'] },
      targetPort: { 'x-kubernetes-int-or-string': true, nullable: true },
      nodePort: { type: 'integer', nullable: true },
      appProtocol: text,
    },
    additionalProperties: false,
  },
});

function toProblem(problem: SchemaProblem): Problem<SpellingProblemCode> {
  const { missing: _, code, ...rest } = problem;
  // None of these has a pattern, or a choice.
  return { code: code === 'pattern-mismatch' || code === 'no-variant' ? 'wrong-format' : code, ...rest };
}

function nameless(ports: unknown): readonly Problem<SpellingProblemCode>[] {
  if (!Array.isArray(ports) || ports.length < 2) return [];
  return ports.flatMap((entry: unknown, index): Problem<SpellingProblemCode>[] => {
    if (!isJsonObject(entry) || (entry['name'] ?? '') !== '') return [];
    const message = 'Of several ports of a Service each needs a "name".';
    const named = ports.flatMap((one: unknown) => (isJsonObject(one) ? [one['name']] : []));
    const name = `port-${String(entry['port'])}`;
    const canHaveIt =
      typeof entry['port'] === 'number' && !named.includes(name) && entry['name'] === undefined;
    const edits = [{ kind: 'add', path: [...path, index, 'name'], value: name }] as const;
    const fixes = canHaveIt ? [{ title: `Name it ${name}`, edits }] : [];
    return [{ code: 'missing-field', severity: 'error', path: [...path, index], message, fixes }];
  });
}
