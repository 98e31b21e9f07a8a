import type { Span } from './span.ts';

export interface Edit {
  readonly span: Span;
  readonly newText: string;
}
