import type { BaseService } from '../base-service.ts';
import type { YamlFile } from '../document.ts';
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
  const router = slice?.router;
  if (slice === undefined || router === undefined) return undefined;
  const place = pathAt(router.parsed, offset - slice.start);
  if (place === undefined || place.missing) return undefined;
  const field = fieldMarkdown(place.path) ?? (await base.hover(router.parsed.masked, offset - slice.start));
  const sentence = valueSentence(place.path, router.reading);
  const markdown = [sentence, field].filter((part) => part !== undefined && part !== '').join('\n\n---\n\n');
  return markdown === '' ? undefined : { markdown, span: moved(place.span, slice.start) };
}
