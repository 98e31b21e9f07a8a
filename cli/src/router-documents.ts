import type { SourceDocument } from '#cluster/api.ts';
import { expandList } from '#cluster/operations/documents.ts';
import { egressRouterKind } from '#core/egress-router/wire.ts';
import { textAt } from '#core/json-value.ts';
import { readYamlFile, type YamlFile } from '#language/document.ts';
import { parseSlice } from '#language/yaml/parsed.ts';
import type { Called } from './advised-command.ts';
import { type Io, UsageError } from './io.ts';
import { countErrors } from './lint/finding.ts';
import { lintFiles } from './lint/lint-files.ts';
import { formatFinding } from './lint/report-text.ts';
import { inOneLine } from './printable.ts';
import { readFiles, type TextFile } from './read-files.ts';
import { refuseTemplates } from './refuse-templates.ts';

export interface RouterDocuments {
  readonly documents: readonly SourceDocument[];
  /** What was said of them, with lines: errors and warnings. */
  readonly told: ReadonlySet<string>;
  /** Lint finds some, or not all could be read. */
  readonly hasErrors: boolean;
  /** A file of a folder could not be read, which has been said. */
  readonly isPart: boolean;
}

/**
 * Reads what a person wants deployed, and tells what lint finds wrong with it.
 *
 * @throws UsageError for what cannot be read, and for a template that is to be filled in
 */
export async function readRouterDocuments(
  paths: readonly string[],
  verb: 'deploy' | 'preflight',
  io: Io,
  cluster: Pick<Called, 'context' | 'kubeconfig'>,
): Promise<RouterDocuments> {
  const { files, unread } = await readFiles(paths, io);
  for (const line of unread) io.stderr(`${inOneLine(line)}\n`);
  const { yaml, routerFindings, deafPorts } = lintFiles(files, { reconciler: 'unknown' });
  refuseTemplates(files, yaml, verb, { ...cluster, program: io.program });
  // What is only worth knowing is no reason to look twice before a deploy; lint tells it.
  const findings = routerFindings.filter(({ severity }) => severity !== 'information');
  // The Services are not deployed, and told of as the last word of a deploy is to apply them.
  for (const finding of [...findings, ...deafPorts]) io.stderr(formatFinding(finding));
  return {
    documents: yaml.flatMap((file, index) => toDocuments(files[index], file)),
    told: new Set(findings.map(({ message }) => message)),
    hasErrors: unread.length > 0 || countErrors(findings) > 0,
    isPart: unread.length > 0,
  };
}

/**
 * As kubectl refuses it: one of the two is a mistake.
 *
 * @throws UsageError where a document has another namespace than `-n` says
 */
export function refuseOtherNamespace(
  documents: readonly SourceDocument[],
  namespace: string | undefined,
): void {
  if (namespace === undefined) return;
  for (const { value, source } of documents.flatMap((one) => expandList(one))) {
    const own = textAt(value, 'metadata', 'namespace');
    if (textAt(value, 'kind') !== egressRouterKind || own === undefined || own === namespace) continue;
    throw new UsageError(
      `${source}: the router is of namespace ${own}, and -n says ${namespace}. Leave out -n, or the namespace in the manifest.`,
    );
  }
}

/**
 * The documents of files, whatever they are.
 *
 * @throws UsageError for what cannot be read
 */
export async function readDocuments(paths: readonly string[], io: Io): Promise<readonly SourceDocument[]> {
  const { files, unread } = await readFiles(paths, io);
  for (const line of unread) io.stderr(`${inOneLine(line)}\n`);
  return files.flatMap((file) =>
    toDocuments(file, readYamlFile(file.text, undefined, { reconciler: 'unknown' })),
  );
}

function toDocuments(file: TextFile | undefined, { slices }: YamlFile): readonly SourceDocument[] {
  const path = file?.path ?? '';
  return slices.map(({ text, content }, index) => ({
    value: (content?.source.parsed() ?? parseSlice(text)).value,
    source: slices.length === 1 ? path : `${path}, document ${index + 1}`,
  }));
}
