import {
  type Candidate,
  candidateText,
  type Surroundings,
} from '#core/egress-router/candidates/candidate.ts';
import { candidatesFor } from '#core/egress-router/candidates/candidates.ts';
import { skeletonOf } from '#core/egress-router/candidates/skeletons.ts';
import { parseRouter } from '#core/egress-router/parse.ts';
import { valueAt } from '../../objects.ts';
import type { Parsed } from '../../yaml/parsed.ts';
import type { Place } from '../../yaml/path-at.ts';
import { toYaml } from '../../yaml/to-yaml.ts';
import type { Completion } from './completion-item.ts';
import type { PathInObject } from './key-completion.ts';
import { schemaAt } from './schema-at.ts';
import { escaped, flowSnippet } from './skeleton-text.ts';

/** The values that could stand at a place, best first. */
export function valuesAt(
  parsed: Parsed,
  place: Place,
  { root, path }: PathInObject,
  surroundings: Surroundings,
): readonly Completion[] {
  const schema = schemaAt(path);
  const skeleton = skeletonOf(path);
  if (schema?.type === 'object' && skeleton?.kind === 'object' && place.flow && place.missing) {
    return [
      {
        label: skeleton.fields.map(([key]) => key).join(', '),
        kind: 'value',
        documentation: schema.description ?? '',
        span: place.span,
        snippet: flowSnippet(skeleton),
      },
    ];
  }
  const isNumber = schema?.type === 'integer';
  // In quotes it would be text.
  if (isNumber && place.quoted) return [];
  const value = valueAt(parsed.value, root);
  const { reading } = parseRouter(value);
  return candidatesFor(path, { value, reading }, surroundings).map((candidate) =>
    toValue(candidate, place, isNumber),
  );
}

/** @param isNumber the field wants one, which quotes would make a text of */
export function toValue(
  candidate: Candidate,
  { span, quoted, flow }: Pick<Place, 'span' | 'quoted' | 'flow'>,
  isNumber = false,
): Completion {
  const label = candidateText(candidate);
  const quote = quoted || isNumber || !(flow || isNoText(label)) ? '' : '"';
  return {
    label,
    kind: 'value',
    documentation: candidate.note,
    span,
    snippet: quote + toSnippet(candidate) + quote,
  };
}

/** Such as a namespace that is called `on`. */
function isNoText(text: string): boolean {
  return toYaml(text).trim() !== text;
}

export function toSnippet({ parts }: Candidate): string {
  let stop = 0;
  return parts
    .map((part) => {
      if (typeof part === 'string') return escaped(part);
      stop += 1;
      return `\${${stop}:${escaped(part.placeholder)}}`;
    })
    .join('');
}
