// Writes sandbox/src/api/schema/builtin-types.generated.ts: which fields the built-in kinds have, taken from
// the types that @kubernetes/client-node declares. They move only when that dependency does.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const models = join(root, 'node_modules/@kubernetes/client-node/dist/gen/models');
const roots = [
  'V1Namespace',
  'V1Pod',
  'V1Service',
  'V1Endpoints',
  'V1EndpointSlice',
  'CoreV1Event',
  'EventsV1Event',
  'V1ConfigMap',
  'V1Secret',
  'V1ServiceAccount',
  'V1Node',
  'V1Deployment',
  'V1ReplicaSet',
  'V1DaemonSet',
  'V1Lease',
  'V1Role',
  'V1RoleBinding',
  'V1ClusterRole',
  'V1ClusterRoleBinding',
  'V1CustomResourceDefinition',
  'V1Binding',
  'V1ValidatingAdmissionPolicy',
  'V1ValidatingAdmissionPolicyBinding',
  'V1Scale',
  'V1SelfSubjectAccessReview',
  'V1SubjectAccessReview',
  'V1LocalSubjectAccessReview',
  'V1SelfSubjectRulesReview',
  'V1SelfSubjectReview',
  'V1TokenReview',
  'AuthenticationV1TokenRequest',
];
// A JSON schema contains itself, and a CRD's example values are free: both are kept as they come.
const free = new Set(['V1JSONSchemaProps']);
const quantities = new Set([
  'limits',
  'requests',
  'capacity',
  'allocatable',
  'sizeLimit',
  'divisor',
  'overhead',
]);

export const target = 'sandbox/src/api/schema/builtin-types.generated.ts';

export async function generateBuiltinTypes() {
  const types = new Map();
  for (const name of roots) await visit(name, types);
  const sorted = [...types].sort(([a], [b]) => (a < b ? -1 : 1));
  const body = sorted.map(([name, type]) => {
    const fields = Object.entries(type.fields).map(([key, value]) => `    ${quoteKey(key)}: '${value}',`);
    const required = type.required.map((key) => `'${key}'`).join(', ');
    return `  ${name}: {\n    required: [${required}],\n    fields: {\n${fields.map((line) => `  ${line}`).join('\n')}\n    },\n  },`;
  });
  return [
    '// Made by scripts/generate-builtin-types.mjs; do not edit.',
    "import type { BuiltinType } from './builtin-type.ts';",
    '',
    'export const builtinTypes: Readonly<Record<string, BuiltinType>> = {',
    ...body,
    '};',
    '',
  ].join('\n');
}

async function visit(name, types) {
  if (types.has(name) || free.has(name)) return;
  const entry = { required: [], fields: {} };
  types.set(name, entry);
  const module = await import(join(models, `${name}.js`));
  const declaration = readFileSync(join(models, `${name}.d.ts`), 'utf8');
  for (const { baseName, name: property, type, format } of module[name].attributeTypeMap) {
    const optional = declaration.includes(`'${property}'?:`);
    if (!optional) entry.required.push(baseName);
    entry.fields[baseName] = await typeText(type, format, baseName, types);
  }
}

/** `string`, `[string]` a list, `{string}` a map, or the name of another type. */
async function typeText(type, format, field, types) {
  const list = /^(?:Array|Set)<(.*)>$/.exec(type);
  if (list) return `[${await typeText(list[1], format, field, types)}]`;
  const map = /^\{ ?\[key: string\]: (.*?);? ?\}$/.exec(type);
  if (map) return `{${quantities.has(field) ? 'quantity' : await typeText(map[1], format, field, types)}}`;
  if (type === 'string') return quantities.has(field) ? 'quantity' : format === 'byte' ? 'bytes' : 'string';
  if (type === 'number') return format === 'double' ? 'number' : 'integer';
  if (type === 'boolean') return 'boolean';
  if (type === 'Date' || type === 'V1MicroTime') return 'time';
  if (type === 'IntOrString') return 'int-or-string';
  if (type === 'any' || free.has(type)) return 'any';
  await visit(type, types);
  return type;
}

function quoteKey(key) {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? key : `'${key}'`;
}
