import type { Span } from './span.ts';

export interface Masked {
  /** As long as the text it was made from, with a filler in place of each template expression. */
  readonly text: string;
  readonly holes: readonly Span[];
}

/** Whether a program fills in the text first: Helm and Go templates, or Jinja, as Ansible uses it. */
export function mayHoldTemplates(text: string): boolean {
  return text.includes('{{') || text.includes('{%');
}

/**
 * Covers the `{{ … }}` of Helm and other templates, and the `{% … %}` and `{# … #}` of Jinja, so that what stands around
 * them can be read as YAML. A line of nothing else becomes a comment, as it may stand for any lines; within a line the
 * filler is a plain word. An expression without its end is taken to the end of its line.
 */
export function maskTemplates(text: string): Masked {
  if (!mayHoldTemplates(text)) return { text, holes: [] };
  const holes: Span[] = [];
  const parts: string[] = [];
  let end = 0;
  // An end that was not found once need not be looked for again.
  const lacking = new Set<string>();
  const opening = /\{[{%#]/g;
  for (let found = opening.exec(text); found !== null; found = opening.exec(text)) {
    const start = found.index;
    parts.push(text.slice(end, start));
    const closing = closings[text.charAt(start + 1)] ?? '}}';
    const close = lacking.has(closing) ? -1 : text.indexOf(closing, start + 2);
    if (close < 0) lacking.add(closing);
    end = close < 0 ? lineEnd(text, start) : close + 2;
    opening.lastIndex = end;
    holes.push({ start, end });
    const covered = text.slice(start, end);
    const isAlone = standsAlone(text, start, end);
    const filler = covered.replace(/[^\n\r]/g, isAlone || /[\n\r]/.test(covered) ? ' ' : 'x');
    parts.push(isAlone ? `#${filler.slice(1)}` : filler);
  }
  parts.push(text.slice(end));
  return { text: parts.join(''), holes };
}

const closings: Readonly<Record<string, string>> = { '{': '}}', '%': '%}', '#': '#}' };

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
