import type { YamlFile } from '#language/document.ts';
import { isInComment } from '#language/yaml/path-at.ts';
import { advisedCommand, type Called } from './advised-command.ts';
import { UsageError } from './io.ts';
import { inOneLine } from './printable.ts';
import type { TextFile } from './read-files.ts';

/**
 * What stands in a router until a template is filled in is nobody's value: of such a router nothing is made or asked.
 *
 * @param verb as which the command was called, to be called again
 * @throws UsageError for the first template with a router
 */
export function refuseTemplates(
  files: readonly TextFile[],
  yaml: readonly YamlFile[],
  verb: 'deploy' | 'preflight' | 'render',
  called: Called,
): void {
  for (const [index, { slices }] of yaml.entries()) {
    const path = files[index]?.path ?? '';
    for (const { content } of slices) {
      // The parameters of a Template of OpenShift are another matter: oc process fills them in.
      const isRouter = content?.objects.some(
        (object) => object.kind === 'router' && object.hasParameters !== true,
      );
      if (content === undefined || isRouter !== true) continue;
      const { text, holes } = content.source.parsed();
      const hole = holes.find(({ start }) => !isInComment(text, start));
      if (hole === undefined) continue;
      const pipe = `helm template RELEASE ${chartOf(path)} | ${advisedCommand(called, verb, '-')}`;
      throw new UsageError(
        inOneLine(
          /^\{[%#]/.test(text.slice(hole.start))
            ? `${path}: something fills in this template, and so the router in it, later. Name a file in which that is done.`
            : `${path}: a template of Helm is not filled in, and nothing is known of the router in it before. For that, pipe it: ${pipe}`,
        ),
      );
    }
  }
}

function chartOf(path: string): string {
  const found = /^(?:(.*)[\\/])?templates[\\/]/.exec(path);
  return found === null ? 'CHART' : (found[1] ?? '.');
}
