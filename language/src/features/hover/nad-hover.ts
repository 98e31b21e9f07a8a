import type { Path } from '#core/problem.ts';
import { routerOfConfig, routerPath } from '../../nad-router.ts';
import type { Place } from '../../yaml/path-at.ts';
import { configAt, configPath, nadSchemaAt } from '../completion/nad-schema.ts';
import { schemaMarkdown } from './field-markdown.ts';
import { valueSentence } from './value-sentence.ts';

/** What is to be said of a place of a NAD, in Markdown. @param path of the place, in its object */
export function nadHover(place: Place, path: Path): string | undefined {
  const schema = nadSchemaAt(path);
  const inside = configPath(path);
  const config = place.embedded === undefined ? undefined : configAt(place.embedded.parsed.value, path);
  const at = inside === undefined ? undefined : routerPath(inside, config);
  const sentence = at === undefined ? undefined : valueSentence(at, routerOfConfig(config).reading);
  const key = path.findLast((step) => typeof step === 'string') ?? '';
  const field = schema === undefined ? undefined : schemaMarkdown(key, schema);
  const said = [sentence, field].filter((part) => part !== undefined);
  return said.length === 0 ? undefined : said.join('\n\n---\n\n');
}
