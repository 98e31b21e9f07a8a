import { isScalar, visit } from 'yaml';
import { parseIp } from '#core/net/ip.ts';
import { moved, type Span, touches } from '../../text/span.ts';
import { definitionsAt, referencesAt } from './definition.ts';
import { cursorAt, type NamedFile, type Placed } from './related-objects.ts';

/** Where else in the file that stands which the cursor is on: a name and its uses, or the same address. */
export function highlightsAt(at: NamedFile, offset: number): readonly Span[] {
  const cursor = cursorAt(at, offset);
  if (cursor === undefined) return [];
  const word = at.file.text.slice(cursor.span.start, cursor.span.end);
  const ip = hostOf(word);
  const spans =
    ip === undefined
      ? [...definitionsAt([at], at, offset), ...referencesAt([at], at, offset, { withDefinition: true })].map(
          ({ span }) => span,
        )
      : addressesIn(cursor.self, ip);
  // What is found from here but stands elsewhere only would be marked for no reason that a person could see.
  if (!spans.some(({ start }) => touches(cursor.span, start))) return [];
  const unique = new Map(spans.map((span) => [`${span.start}-${span.end}`, span]));
  return [...unique.values()].toSorted((a, b) => a.start - b.start);
}

function addressesIn({ slice }: Placed, ip: string): readonly Span[] {
  const spans: Span[] = [];
  const parsed = slice.content?.source.parsed();
  const contents = parsed?.document.contents;
  if (contents === undefined || contents === null) return spans;
  visit(contents, {
    Scalar: (_key, node) => {
      if (!isScalar(node) || typeof node.value !== 'string' || !node.range || hostOf(node.value) !== ip)
        return;
      spans.push(moved({ start: node.range[0], end: node.range[1] }, slice.start));
    },
  });
  return spans;
}

/** The address in `192.168.12.99/24`, spelled in the one way that counts. */
function hostOf(text: string): string | undefined {
  return parseIp(text.replace(/\/\d+$/, ''));
}
