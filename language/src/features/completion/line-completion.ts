import { candidateText, type Surroundings } from '#core/egress-router/candidates/candidate.ts';
import type { LegacySettings } from '#core/legacy/as-router.ts';
import { lineCandidates } from '#core/legacy/candidates.ts';
import type { PlaceInText } from '../../yaml/path-at.ts';
import type { Completion } from './completion-item.ts';
import { toSnippet } from './value-completion.ts';

/**
 * What could be written in the lines that a router of OpenShift SDN redirects by. Of a value that has yet to begin,
 * the first line is offered in a block, as people write them.
 */
export function lineCompletions(
  text: string,
  place: PlaceInText,
  offset: number,
  isInFlow: boolean,
  settings: LegacySettings,
  surroundings: Surroundings,
): readonly Completion[] {
  // What stood before the header of a block would be no part of it.
  if (/^[ \t]*[|>][-+0-9]*[ \t]*(?:#.*)?\r?$/.test(text.slice(offset, endOfLine(text, offset)))) return [];
  const word = /[^ \t]*$/.exec(place.before)?.[0] ?? '';
  const rest = /^[^ \t]*/.exec(place.after)?.[0] ?? '';
  const span = { start: offset - word.length, end: offset + rest.length };
  const [opening, closing] = !place.missing ? ['', ''] : isInFlow ? ['"', '"'] : [blockAt(text, offset), ''];
  return (
    lineCandidates(place, settings, surroundings)
      // By itself it would be no text.
      .filter((one) => !(place.missing && /^[0-9]+$/.test(candidateText(one))))
      .map((candidate) => ({
        label: candidateText(candidate),
        kind: 'value',
        documentation: candidate.note,
        span,
        snippet: opening + toSnippet(candidate) + closing,
      }))
  );
}

function endOfLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end;
}

/** Editors repeat the blanks that the line begins with, but not the dash of a list entry. */
function blockAt(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  const dashes = /^ *((?:- +)*)/.exec(line)?.[1]?.length ?? 0;
  return `${/[ \t]$/.test(line) ? '' : ' '}|\n${' '.repeat(dashes + 2)}`;
}
