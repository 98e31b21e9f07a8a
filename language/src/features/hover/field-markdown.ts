import { docOf } from '#core/egress-router/docs.ts';
import { optionDocOf } from '#core/egress-router/option-docs.ts';
import type { Path } from '#core/problem.ts';
import type { JsonSchema } from '#core/schema/json-schema.ts';

/** What hover and completion say of a field, with an example; undefined for fields that are not the router's. */
export function fieldMarkdown(path: Path): string | undefined {
  const doc = docOf(path);
  if (doc === undefined) return undefined;
  const facts = factsOf(doc.schema, doc.isRequired).join(' · ');
  return `**${path.findLast((step) => typeof step === 'string') ?? 'EgressRouter'}** · ${facts}\n\n${doc.description}\n\n\`\`\`yaml\n${doc.example}\n\`\`\``;
}

/** The same for an annotation of this project. */
export function optionMarkdown(path: Path): string | undefined {
  const doc = optionDocOf(path);
  if (doc === undefined) return undefined;
  const values = doc.values.map(([value, note]) => `- \`${value}\`: ${note}`).join('\n');
  const byDefault = doc.otherwise === undefined ? '' : ` · default \`${doc.otherwise}\``;
  return `**${path.at(-1)}** · text${byDefault}\n\n${doc.description}\n\n${values}`;
}

/** What hover and completion say of a field that only its schema tells of. */
export function schemaMarkdown(key: string, schema: JsonSchema): string {
  return `**${key}** · ${factsOf(schema, false).join(' · ')}\n\n${schema.description ?? ''}`.trim();
}

function factsOf(schema: JsonSchema, isRequired: boolean): readonly string[] {
  const values = schema.enum ?? (schema.const === undefined ? [] : [schema.const]);
  return [
    schema.type === undefined ? '' : typeNames[schema.type],
    values.length > 0 ? values.map((value) => `\`${String(value)}\``).join(' ') : '',
    schema.minimum === undefined || schema.maximum === undefined
      ? ''
      : `${schema.minimum} to ${schema.maximum}`,
    isRequired ? 'required' : '',
    typeof schema.default === 'string' ? `default \`${schema.default}\`` : '',
  ].filter((fact) => fact !== '');
}

const typeNames = {
  object: 'object',
  array: 'list',
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
} as const;
