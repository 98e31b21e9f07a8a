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
  const masked = text.replace(/\{\{(?:[\s\S]*?\}\}|[^\n\r]*)/g, (found, offset: number) => {
    holes.push({ start: offset, end: offset + found.length });
    const isAlone = standsAlone(text, offset, offset + found.length);
    const filler = found.replace(/[^\n\r]/g, isAlone || /[\n\r]/.test(found) ? ' ' : 'x');
    return isAlone ? `#${filler.slice(1)}` : filler;
  });
  return { text: masked, holes };
}

function standsAlone(text: string, start: number, end: number): boolean {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const newline = text.indexOf('\n', end);
  const rest = text.slice(end, newline < 0 ? text.length : newline);
  return text.slice(lineStart, start).trim() === '' && rest.trim() === '';
}
