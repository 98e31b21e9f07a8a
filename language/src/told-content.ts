import type { DocumentObject } from './objects.ts';
import { readContent, type SliceContent } from './slice-content.ts';
import { Source } from './yaml/source.ts';

/**
 * What a thread tells another one of a document: nothing where it does not concern egress routers, `null` where the
 * other one has to look itself, else its objects as JSON.
 */
export type ToldContent = string | null | undefined;

/** Only of routers that are whole is told: of others the other thread needs more than JSON can hold. */
export function tellContent(text: string, options: Parameters<typeof readContent>[1]): ToldContent {
  const content = readContent(text, options);
  if (content === undefined) return undefined;
  const { objects, diagnostics, reconciler } = content;
  const canBeTold = diagnostics.length === 0 && objects.every(isWhole);
  return canBeTold ? JSON.stringify({ objects, reconciler }) : null;
}

/** JSON has no `undefined`, which stands for an entry that could not be read. */
function isWhole(object: DocumentObject): boolean {
  if (object.kind !== 'router' || object.problems.length > 0) return false;
  const { addresses, rules } = object.reading;
  return !addresses.includes(undefined) && !rules.includes(undefined);
}

/** What `readContent` gives for the text of which `told` was told. */
export function heardContent(
  text: string,
  told: ToldContent,
  options: Parameters<typeof readContent>[1],
): SliceContent | undefined {
  if (told === undefined) return undefined;
  if (told === null) return readContent(text, options);
  const { objects, reconciler }: Pick<SliceContent, 'objects' | 'reconciler'> = JSON.parse(told);
  return { objects, diagnostics: [], reconciler, source: new Source(text) };
}
