import {
  type Candidate,
  candidateText,
  plain,
  type Surroundings,
} from '#core/egress-router/candidates/candidate.ts';
import { candidatesFor } from '#core/egress-router/candidates/candidates.ts';
import { protocols } from '#core/net/protocol.ts';
import type { Path } from '#core/problem.ts';
import { isJsonObject, type JsonSchema } from '#core/schema/json-schema.ts';
import { routerOfConfig, routerPath } from '../../nad-router.ts';
import { valueAt } from '../../objects.ts';
import type { Span } from '../../text/span.ts';
import { encodeJson, inward, outward } from '../../yaml/embedded-json.ts';
import type { Embedded, Parsed } from '../../yaml/parsed.ts';
import type { Place } from '../../yaml/path-at.ts';
import { schemaMarkdown } from '../hover/field-markdown.ts';
import type { Completion } from './completion-item.ts';
import type { PathInObject } from './key-completion.ts';
import { configAt, configPath, nadSchema, nadSchemaAt } from './nad-schema.ts';
import { schemaCompletions } from './schema-completion.ts';

/** What could be written at a place of a NAD, in the JSON of its string too. */
export function nadCompletions(
  parsed: Parsed,
  place: Place,
  { root, path }: PathInObject,
  offset: number,
  surroundings: Surroundings,
): readonly Completion[] {
  const { embedded } = place;
  if (embedded !== undefined) {
    return place.kind === 'key'
      ? keysInJson(embedded, place, path)
      : valuesInJson(embedded, place, path, offset, surroundings);
  }
  return schemaCompletions(parsed, place, { root, path }, nadSchema);
}

function keysInJson(embedded: Embedded, place: Place, path: Path): readonly Completion[] {
  const parent = path.slice(0, -1);
  const present = valueAt(embedded.parsed.value, parent.slice(2));
  const text = embedded.parsed.text;
  const inner = { start: inward(embedded, place.span.start), end: inward(embedded, place.span.end) };
  const isNamed = /^["']?\s*:/.test(text.slice(inner.end));
  return missingKeys(parent, present, path.at(-1)).flatMap(([key, schema]): readonly Completion[] => {
    const value = isNamed ? '' : `: ${skeletonOf(schema)}`;
    const opening = place.quoted ? '' : '"';
    const closing = place.quoted && isNamed ? '' : '"';
    // The quote behind the cursor goes with the word: it would stand behind the value.
    const end = place.quoted && !isNamed && text[inner.end] === '"' ? inner.end + 1 : inner.end;
    const snippet = inStyle(embedded, [opening, key, closing, value]);
    if (snippet === undefined) return [];
    return [
      {
        label: key,
        kind: 'field',
        documentation: schemaMarkdown(key, schema),
        span: {
          start: place.span.start,
          end: end === inner.end ? place.span.end : outward(embedded, { start: end, end }).start,
        },
        snippet,
        hasValues: true,
      },
    ];
  });
}

function missingKeys(
  parent: Path,
  present: unknown,
  own: string | number | undefined,
): readonly (readonly [string, JsonSchema])[] {
  // The root of the JSON is the path of the string itself.
  const schema =
    parent.length === 2 && parent[1] === 'config'
      ? nadSchemaAt([...parent, 'plugins', 0])
      : nadSchemaAt(parent);
  return Object.entries(schema?.properties ?? {}).filter(
    ([key]) => key === own || !(isJsonObject(present) && Object.hasOwn(present, key)),
  );
}

/** In the snippet syntax, but for what the style of the scalar demands. */
function skeletonOf(schema: JsonSchema): string {
  switch (schema.type) {
    case 'object':
      return '{$1}';
    case 'array':
      return '["$1"]';
    default:
      return typeof schema.const === 'string' ? `"${schema.const}"` : '"$1"';
  }
}

/** Only the marks of JSON are written otherwise in a string; those of snippets are none of them. */
function inStyle({ source }: Embedded, parts: readonly string[]): string | undefined {
  const encoded = encodeJson(source, parts.join(''));
  return encoded?.replaceAll('\\', '\\\\');
}

function valuesInJson(
  embedded: Embedded,
  place: Place,
  path: Path,
  offset: number,
  surroundings: Surroundings,
): readonly Completion[] {
  const inside = configPath(path);
  if (inside === undefined) return [];
  const config = configAt(embedded.parsed.value, path);
  const encoded = (text: string): string | undefined => encodeJson(embedded.source, text);
  const quoted = (text: string): string | undefined => encoded(place.quoted ? text : `"${text}"`);
  if (inside[0] === 'ip' && inside[1] === 'destinations' && inside.length === 3) {
    return destinationsAt(embedded, place, inside, config, offset, surroundings).flatMap(
      ({ candidate, span }) => toEncoded(candidate, span, quoted),
    );
  }
  const at = routerPath(inside, config);
  const found = at === undefined ? [] : candidatesFor(at, routerOfConfig(config), surroundings);
  return [...found, ...valuesOf(nadSchemaAt(path))].flatMap((candidate) =>
    toEncoded(candidate, place.span, quoted),
  );
}

/** A destination is several words: the one under the cursor is completed, and at the beginning all of it. */
function destinationsAt(
  embedded: Embedded,
  place: Place,
  inside: Path,
  config: unknown,
  offset: number,
  surroundings: Surroundings,
): readonly { readonly candidate: Candidate; readonly span: Span }[] {
  const before = embedded.parsed.text.slice(inward(embedded, place.span.start), inward(embedded, offset));
  const index = before.split(' ').length - 1;
  const span = { start: offset - (before.length - before.lastIndexOf(' ') - 1), end: place.span.end };
  const rule = ['spec', 'redirect', 'redirectRules', inside[2] ?? 0];
  const manifest = routerOfConfig(config);
  if (index === 0) {
    const whole: Candidate = {
      parts: [
        { placeholder: '8080' },
        ' ',
        { placeholder: 'TCP' },
        ' ',
        { placeholder: '203.0.113.25' },
        ' ',
        { placeholder: '80' },
      ],
      note: 'The port of the router, the protocol, the server and its port.',
    };
    const known = surroundings.facts.flatMap((facts) => (facts.kind === 'router' ? facts.rules : []));
    const rules = known.map(({ port, protocol, destination, targetPort }) =>
      plain(
        `${port} ${protocol} ${destination}${targetPort === port ? '' : ` ${targetPort}`}`,
        'A rule of a router of the workspace.',
      ),
    );
    const texts = [whole, ...rules].map(candidateText);
    return [whole, ...rules]
      .filter((_one, position) => texts.indexOf(texts[position] ?? '') === position)
      .map((candidate) => ({ candidate, span: place.span }));
  }
  const found =
    index === 1
      ? protocols.map((protocol) => plain(protocol, 'The protocol of the connections.'))
      : index === 2
        ? candidatesFor([...rule, 'destinationIP'], manifest, surroundings)
        : [];
  return found.map((candidate) => ({ candidate, span }));
}

function valuesOf(schema: JsonSchema | undefined): readonly Candidate[] {
  const values = schema?.enum ?? [schema?.const ?? schema?.default];
  return values
    .filter((value) => typeof value === 'string')
    .map((value) => plain(value, schema?.description ?? ''));
}

function toEncoded(
  candidate: Candidate,
  span: Span,
  encoded: (text: string) => string | undefined,
): readonly Completion[] {
  // Its marks are those of a snippet, which no style changes.
  return encoded(candidateText(candidate)) === undefined
    ? []
    : [toValue(candidate, span, (snippet) => encoded(snippet) ?? snippet)];
}

function toValue(candidate: Candidate, span: Span, write: (snippet: string) => string): Completion {
  let stop = 0;
  const snippet = candidate.parts
    .map((part) => {
      if (typeof part === 'string') return part;
      stop += 1;
      return `\${${stop}:${part.placeholder}}`;
    })
    .join('');
  return {
    label: candidateText(candidate),
    kind: 'value',
    documentation: candidate.note,
    span,
    snippet: write(snippet).replaceAll('\\', '\\\\'),
  };
}
