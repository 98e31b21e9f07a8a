import type { Span } from '../../text/span.ts';

export interface Completion {
  readonly label: string;
  readonly kind: 'field' | 'value' | 'manifest';
  /** A few words beside the label. */
  readonly detail?: string;
  /** Markdown. */
  readonly documentation: string;
  /** The text that gives way. */
  readonly span: Span;
  /** In the snippet syntax of the Language Server Protocol. */
  readonly snippet: string;
  /** What to write where snippets are not understood; absent where it is the snippet with its examples. */
  readonly plain?: string;
  /** Once it has been taken, there are values to choose from. */
  readonly hasValues?: true;
}
