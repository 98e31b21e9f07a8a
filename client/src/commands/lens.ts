/** The router that a code lens was drawn for, and the line where its document began then. */
export interface Lens {
  readonly name: string;
  readonly namespace?: string;
  readonly line: number;
}
