import { readYamlFile } from '#language/document.ts';
import { objectSpan } from '#language/features/routers.ts';
import type { RouterObject } from '#language/objects.ts';
import type { SliceContent } from '#language/slice-content.ts';
import { overlapsAny } from '#language/text/span.ts';
import { type Io, UsageError } from './io.ts';
import { inOneLine } from './printable.ts';
import { readFiles } from './read-files.ts';

/** A router as a manifest names it. */
export interface NamedRouter {
  readonly name: string;
  readonly namespace?: string;
}

export interface NamedInFiles {
  readonly routers: readonly NamedRouter[];
  /** Services in the same files that have a name. */
  readonly services: readonly NamedRouter[];
}

/**
 * Which EgressRouters files hold. Of what is to be deleted nothing is guessed.
 *
 * @throws UsageError where a file cannot be read, or does not tell for certain which router is meant
 */
export async function readNamedRouters(paths: readonly string[], io: Io): Promise<NamedInFiles> {
  const { files, unread } = await readFiles(paths, io);
  if (unread.length > 0) throw new UsageError(`Not all can be read. ${inOneLine(unread.join(' '))}`);
  const read = files.flatMap(({ path, text }) => {
    const { slices } = readYamlFile(text, undefined, { reconciler: 'unknown' });
    return slices.flatMap(({ content, text: document }, index) => {
      const source = slices.length === 1 ? path : `${path}, document ${index + 1}`;
      return content === undefined
        ? []
        : [{ routers: namedIn(content, document, inOneLine(source)), services: servicesIn(content) }];
    });
  });
  return {
    routers: read.flatMap(({ routers }) => routers),
    services: read.flatMap(({ services }) => services),
  };
}

function servicesIn({ objects }: SliceContent): readonly NamedRouter[] {
  return objects.flatMap((object) => {
    if (object.kind !== 'service' || object.facts.name === undefined) return [];
    const { name, namespace } = object.facts;
    return [namespace === undefined ? { name } : { name, namespace }];
  });
}

function namedIn({ source, objects }: SliceContent, text: string, where: string): readonly NamedRouter[] {
  const parsed = source.parsed();
  if (parsed.faults.length > 0) {
    throw new UsageError(
      `${where}: its YAML is broken, so nothing tells for certain what it holds. Correct it.`,
    );
  }
  return objects
    .filter((object): object is RouterObject => object.kind === 'router')
    .map(({ root, reading, hasParameters }) => {
      if (hasParameters === true || overlapsAny(parsed.holes, objectSpan(text, parsed, root))) {
        throw new UsageError(
          `${where}: something fills in this router later. Name a file in which that is done.`,
        );
      }
      const { name, namespace } = reading;
      if (name === undefined) throw new UsageError(`${where}: the router has no metadata.name.`);
      return namespace === undefined ? { name } : { name, namespace };
    });
}
