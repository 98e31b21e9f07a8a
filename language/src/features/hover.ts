import type { BaseService } from '../base-service.ts';
import type { YamlFile } from '../document.ts';
import { objectAt } from '../objects.ts';
import { pathAt } from '../path-at.ts';
import { sliceAt } from '../slices.ts';
import { moved, type Span } from '../span.ts';
import { fieldMarkdown } from './field-markdown.ts';
import { valueSentence } from './value-sentence.ts';

export interface Hover {
  readonly markdown: string;
  readonly span: Span;
}

/** What is to be said of the field or value under the cursor: its consequence first, then what it is for. */
export async function hoverAt(file: YamlFile, offset: number, base: BaseService): Promise<Hover | undefined> {
  const slice = sliceAt(file.slices, offset);
  if (slice?.content === undefined) return undefined;
  const parsed = slice.content.source.parsed();
  const place = pathAt(parsed, offset - slice.start);
  if (place === undefined || place.missing) return undefined;
  const found = objectAt(slice.content.objects, place.path);
  if (found === undefined) return undefined;
  const { object, path } = found;
  const isWhole = object.root.length === 0;
  const field =
    fieldMarkdown(path) ?? (isWhole ? await base.hover(parsed.masked, offset - slice.start) : undefined);
  const sentence = valueSentence(path, object.reading);
  const markdown = [sentence, field].filter((part) => part !== undefined && part !== '').join('\n\n---\n\n');
  return markdown === '' ? undefined : { markdown, span: moved(place.span, slice.start) };
}
