import type { Path } from '#core/problem.ts';
import type { ServiceFacts } from '#core/relations/facts.ts';
import { mayLeadToRouter } from '#core/relations/selection.ts';
import { serviceSchema } from '#core/service/schema.ts';
import { followSchema } from '../completion/follow-schema.ts';
import { schemaMarkdown } from './field-markdown.ts';

/** What a field of a router's Service is for. Other Services are for others to tell of. */
export function serviceHover(path: Path, facts: ServiceFacts): string | undefined {
  if (!mayLeadToRouter(facts.selector)) return undefined;
  const schema = followSchema(serviceSchema, path);
  const key = path.findLast((step) => typeof step === 'string');
  return schema?.description === undefined || key === undefined ? undefined : schemaMarkdown(key, schema);
}
