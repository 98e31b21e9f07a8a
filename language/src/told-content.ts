import { knownIn, readContent, type SliceContent } from './slice-content.ts';
import type { KnownLines } from './yaml/known-lines.ts';
import { Source } from './yaml/source.ts';

/**
 * What `readContent` gives, but that of a document without a finding only what others go by is kept: of thousands that
 * are read once, nobody asks for more.
 */
export function readLeanly(text: string, options: ReadOptions, lines?: KnownLines): SliceContent | undefined {
  const content = readContent(text, options, lines);
  if (content === undefined || content.diagnostics.length > 0) return content;
  return new LeanContent(new Source(text), toKept(content));
}

/**
 * What a thread tells another one of a document: nothing where it does not concern egress routers, `null` where the
 * other one has to look itself, else as JSON what is kept of it.
 */
export type ToldContent = string | null | undefined;

export function tellContent(text: string, options: ReadOptions, lines?: KnownLines): ToldContent {
  const content = readContent(text, options, lines);
  if (content === undefined) return undefined;
  return content.diagnostics.length > 0 ? null : JSON.stringify(toKept(content));
}

/** What `readLeanly` gives for the text of which `told` was told. */
export function heardContent(
  text: string,
  told: ToldContent,
  options: ReadOptions,
): SliceContent | undefined {
  if (told === undefined) return undefined;
  if (told === null) return readLeanly(text, options);
  return new LeanContent(new Source(text), JSON.parse(told));
}

type ReadOptions = Parameters<typeof readContent>[1];
type Kept = Pick<SliceContent, 'reconciler'> & Required<Pick<SliceContent, 'known'>>;

function toKept(content: SliceContent): Kept {
  return { known: knownIn(content), reconciler: content.reconciler };
}

class LeanContent implements SliceContent {
  readonly known: Kept['known'];
  readonly diagnostics = [];
  readonly reconciler: SliceContent['reconciler'];
  readonly source: Source;

  constructor(source: Source, { known, reconciler }: Kept) {
    this.known = known;
    this.reconciler = reconciler;
    this.source = source;
  }

  get objects(): SliceContent['objects'] {
    const { reconciler } = this;
    return readContent(this.source.text, { reconciler })?.objects ?? [];
  }
}
