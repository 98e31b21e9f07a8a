import type { Span } from '../text/span.ts';

/** The comments in JSON, as JavaScript has them: no reader of a cluster takes them. None in other text. */
export function jsonComments(text: string): readonly Span[] {
  if (!(text.includes('//') || text.includes('/*')) || !/^\uFEFF?\s*[{/]/.test(text) || !jsonKind.test(text))
    return [];
  return Array.from(text.matchAll(stringOrComment)).flatMap(({ 0: found, index }) => {
    // A `//` in a plain text is no comment: `{see: https://example.com}`.
    const isComment = found.startsWith('/') && !/[^\s,[\]{}"]/.test(text.charAt(index - 1));
    return isComment ? [{ start: index, end: index + found.length }] : [];
  });
}

/** The text with blanks in their place, so that all else stands where it stood. */
export function withoutSpans(text: string, spans: readonly Span[]): string {
  let end = 0;
  const parts = spans.flatMap((span) => {
    const part = [text.slice(end, span.start), text.slice(span.start, span.end).replace(/[^\n]/g, ' ')];
    end = span.end;
    return part;
  });
  return [...parts, text.slice(end)].join('');
}

const jsonKind = /"kind"\s*:\s*"/;
/** What has no end goes on to that of its line, or of the text: nothing is looked through twice. */
const stringOrComment = /"[^"\\\n]*(?:\\.[^"\\\n]*)*"?|\/\/[^\r\n]*|\/\*[^*]*(?:\*(?!\/)[^*]*)*(?:\*\/|$)/g;
