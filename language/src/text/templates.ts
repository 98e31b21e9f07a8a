import type { Span } from './span.ts';

export interface Masked {
  /** As long as the text it was made from, with a filler in place of each template expression. */
  readonly text: string;
  readonly holes: readonly Span[];
}

/**
 * Covers the `{{ … }}` of Helm and other templates, so that what stands around them can be read as YAML. A line of nothing else
 * becomes a comment, as it may stand for any lines; within a line the filler is a plain word. An expression
 * without its end is taken to the end of its line.
 */
export function maskTemplates(text: string): Masked {
  if (!text.includes('{{')) return { text, holes: [] };
  const holes: Span[] = [];
  const parts: string[] = [];
  let end = 0;
  // An end that was not found once need not be looked for again.
  let hasEnd = true;
  for (let start = text.indexOf('{{'); start >= 0; start = text.indexOf('{{', end)) {
    parts.push(text.slice(end, start));
    const close: number = hasEnd ? text.indexOf('}}', start + 2) : -1;
    hasEnd = close >= 0;
    end = hasEnd ? close + 2 : lineEnd(text, start);
    holes.push({ start, end });
    const found = text.slice(start, end);
    const isAlone = standsAlone(text, start, end);
    const filler = found.replace(/[^\n\r]/g, isAlone || /[\n\r]/.test(found) ? ' ' : 'x');
    parts.push(isAlone ? `#${filler.slice(1)}` : filler);
  }
  parts.push(text.slice(end));
  return { text: parts.join(''), holes };
}

function lineEnd(text: string, start: number): number {
  for (let at = start; at < text.length; at += 1) if (isLineBreak(text, at)) return at;
  return text.length;
}

function isLineBreak(text: string, at: number): boolean {
  return text.charAt(at) === '\n' || text.charAt(at) === '\r';
}

/** No further than the next thing that is no blank: a line may be long and hold many. */
function standsAlone(text: string, start: number, end: number): boolean {
  let before = start - 1;
  while (before >= 0 && text.charAt(before) !== '\n' && text.charAt(before).trim() === '') before -= 1;
  let after = end;
  while (after < text.length && text.charAt(after) !== '\n' && text.charAt(after).trim() === '') after += 1;
  return (
    (before < 0 || text.charAt(before) === '\n') && (after >= text.length || text.charAt(after) === '\n')
  );
}
