import type { Path, Problem } from '#core/problem.ts';
import { isJsonObject, type JsonObject, type JsonSchema } from '#core/schema/json-schema.ts';
import { compileSchema } from '#core/schema/validate.ts';
import { type SpellingProblemCode, tellSpellings } from './checks/spellings.ts';
import { objectAt } from './written.ts';

/**
 * What the API server refuses in the metadata of any object, and the schema of a custom resource does not say: fields
 * that there are not, values of another type, and what cannot be a label. Names are looked at elsewhere.
 */
export function checkMetadata(metadata: unknown): readonly Problem<SpellingProblemCode>[] {
  // It has taken an object that has a version.
  if (!isJsonObject(metadata) || metadata['resourceVersion'] !== undefined) return [];
  const { labels, annotations } = metadata;
  const problems = hasOnlyNames(metadata)
    ? []
    : tellSpellings(validateMetadata(metadata, ['metadata']), { metadata });
  // Most have neither: ten thousand routers are looked at in a moment.
  if (labels !== undefined) problems.push(...labelProblems(objectAt(labels)));
  if (annotations !== undefined) problems.push(...annotationProblems(objectAt(annotations)));
  return problems;
}

function hasOnlyNames(metadata: JsonObject): boolean {
  for (const key in metadata) if (!names.has(key)) return false;
  return true;
}

/** Those have a schema in that of the resource. */
const names: ReadonlySet<string> = new Set(['name', 'generateName', 'namespace', 'labels', 'annotations']);

const text: JsonSchema = { type: 'string', nullable: true };
const time: JsonSchema = { ...text, format: 'date-time' };
const whole: JsonSchema = { type: 'integer', nullable: true };
const flag: JsonSchema = { type: 'boolean', nullable: true };
const name: JsonSchema = { type: 'string', minLength: 1 };

const metadataSchema: JsonSchema = {
  type: 'object',
  properties: {
    name: {},
    generateName: {},
    namespace: {},
    labels: {},
    annotations: {},
    finalizers: { type: 'array', nullable: true, items: { type: 'string' } },
    ownerReferences: {
      type: 'array',
      nullable: true,
      items: {
        type: 'object',
        required: ['apiVersion', 'kind', 'name', 'uid'],
        properties: {
          apiVersion: name,
          kind: name,
          name,
          uid: name,
          controller: flag,
          blockOwnerDeletion: flag,
        },
        additionalProperties: false,
      },
    },
    uid: text,
    resourceVersion: text,
    selfLink: text,
    generation: whole,
    deletionGracePeriodSeconds: whole,
    creationTimestamp: time,
    deletionTimestamp: time,
    managedFields: { type: 'array', nullable: true },
  },
  additionalProperties: false,
};
const validateMetadata = compileSchema(metadataSchema);

function labelProblems(labels: JsonObject): readonly Problem<SpellingProblemCode>[] {
  return Object.entries(labels).flatMap(([key, value]) => {
    const path = ['metadata', 'labels', key];
    if (!isQualifiedName(key)) return [wrongKey(key, path, 'a label')];
    if (typeof value !== 'string' || value === '' || isNamePart(value)) return [];
    const message = `${JSON.stringify(value)} cannot be the value of a label: at most 63 letters, digits, "-", "_" or ".", a letter or digit at both ends.`;
    return [{ code: 'wrong-format', severity: 'error', path, message }];
  });
}

/** Their values may be any text. */
function annotationProblems(annotations: JsonObject): readonly Problem<SpellingProblemCode>[] {
  return Object.keys(annotations)
    .filter((key) => !isQualifiedName(key.toLowerCase()))
    .map((key) => wrongKey(key, ['metadata', 'annotations', key], 'an annotation'));
}

function wrongKey(key: string, path: Path, what: 'a label' | 'an annotation'): Problem<SpellingProblemCode> {
  const message = `${JSON.stringify(key)} cannot be the key of ${what}: at most 63 letters, digits, "-", "_" or ".", a letter or digit at both ends; before it, if anything, a domain and "/".`;
  return { code: 'wrong-format', severity: 'error', path, at: 'key', message };
}

function isQualifiedName(key: string): boolean {
  const slash = key.indexOf('/');
  if (slash < 0) return isNamePart(key);
  const domain = key.slice(0, slash);
  return domain.length <= 253 && subdomain.test(domain) && isNamePart(key.slice(slash + 1));
}

function isNamePart(word: string): boolean {
  return word.length <= 63 && /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(word);
}

const subdomain = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
