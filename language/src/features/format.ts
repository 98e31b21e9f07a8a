import type { BaseService } from '../base-service.ts';
import type { FileSlice, YamlFile } from '../document.ts';
import { sliceAt } from '../text/slices.ts';
import { moved, type Span } from '../text/span.ts';
import type { Edit } from '../text/text-edit.ts';

export interface FormatOptions {
  readonly tabSize: number;
  /** Of the document that is meant; absent: all of them. */
  readonly offset?: number;
  /** Lets others go first, as each document takes milliseconds. Where it gives false, nobody wants the rest. */
  readonly giveWay?: () => Promise<boolean>;
}

/** Formats the documents of a file that concern egress routers, and no other text. */
export async function formatEdits(
  file: YamlFile,
  base: BaseService,
  { tabSize, offset, giveWay = () => Promise.resolve(true) }: FormatOptions,
): Promise<readonly Edit[]> {
  const chosen =
    offset === undefined ? file.slices : [sliceAt(file.slices, offset)].filter((one) => one !== undefined);
  const edits: Edit[] = [];
  for (const slice of chosen) {
    if (!(await giveWay())) return [];
    const edit = await formatSlice(slice, base, tabSize);
    if (edit !== undefined) edits.push({ ...edit, span: moved(edit.span, slice.start) });
  }
  return edits;
}

/** Broken YAML and templates stay as they are: nobody can tell how they are meant. */
async function formatSlice(
  { text, content }: FileSlice,
  base: BaseService,
  tabSize: number,
): Promise<Edit | undefined> {
  // Services and pods of others look as they like.
  const isOurs = content?.objects.some(({ kind }) => kind === 'router');
  const parsed = isOurs === true ? content?.source.parsed() : undefined;
  if (parsed === undefined || parsed.faults.length > 0 || parsed.holes.length > 0) return undefined;
  if (/^\uFEFF?\s*\{/.test(text)) return undefined;
  const body = bodySpan(text);
  if (body === undefined) return undefined;
  const written = text.slice(body.start, body.end);
  const formatted = await base.format(written, tabSize);
  const newText = text.includes('\r\n') ? formatted?.replace(/\r?\n/g, '\r\n') : formatted;
  return newText === undefined || newText === written ? undefined : { span: body, newText };
}

/** The formatter takes document markers away, so it never sees them. Undefined where one shares its line with content. */
function bodySpan(text: string): Span | undefined {
  const marker = /(?<=^\uFEFF?|\n)---(.*)(\n|$)/.exec(text);
  if (marker?.[1]?.trim() !== undefined && marker[1].trim() !== '') return undefined;
  const start = marker === null ? (/^\uFEFF?/.exec(text)?.[0].length ?? 0) : marker.index + marker[0].length;
  const end = /(?<=^|\n)\.\.\.[ \t\r]*(?:#.*)?\n?$/.exec(text)?.index ?? text.length;
  return { start, end };
}
