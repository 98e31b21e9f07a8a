import { legacyRoutersIn } from '#core/legacy/detect.ts';
import { titleOf } from '#core/legacy/filled-in.ts';
import { type Migration, planMigration } from '#core/legacy/migrate/migrate.ts';
import { withNamesakes } from '#core/legacy/migrate/namesakes.ts';
import { ownerOf, surroundingsOf } from '#core/legacy/migrate/surroundings.ts';
import { type LegacyReading, readLegacyRouter } from '#core/legacy/parse.ts';
import { readMigratable } from '#language/migration/migratable.ts';
import { migratedYaml } from '#language/migration/migrated-yaml.ts';
import { withLineFeeds } from '#language/text/line-ends.ts';
import { toSlices } from '#language/text/slices.ts';
import { formatData } from '../format.ts';
import { type Io, UsageError } from '../io.ts';
import { shownPath } from '../lint/report-text.ts';
import { inOneLine } from '../printable.ts';
import { readFiles, type TextFile } from '../read-files.ts';
import { readArgs, readFormat, readReconciler, type Verb } from '../verb.ts';

export const migrate: Verb = {
  usage: `Usage: egress-router migrate [PATH...|-] [--prefix-length N] [--reconciler NAME]
                            [-o yaml|json]

Turns the egress routers of OpenShift SDN in the files and folders given (default: the current folder), or on
standard input with "-", into EgressRouters with the Services that lead to them. ConfigMaps with their rules and
the Services may be in other files than the routers. The result goes to standard output, what was lost and what is
left to do to standard error; in YAML it stands in comments too. No file is changed. Exits 1 when a router cannot
be migrated.

      --prefix-length N  of the network, for routers whose EGRESS_SOURCE does not tell it (default: 24, or
                         shorter until the network has the gateway)
      --reconciler NAME  who makes the routers: agent (this project's operator, under which a Service selects the pods
                         of its own router alone), cno (the Cluster Network Operator), or auto (default)
  -o, --output FORMAT    yaml (default) or json
  -h, --help`,
  run: async (args, io) => {
    const { values, positionals } = readArgs(args, {
      'prefix-length': { type: 'string' },
      reconciler: { type: 'string' },
      output: { type: 'string', short: 'o' },
      help: { type: 'boolean', short: 'h' },
    });
    const format = readFormat(values.output, ['yaml', 'json']);
    const prefixLength = readPrefixLength(values['prefix-length']);
    const reconciler = readReconciler(values.reconciler);
    const { files, unread } = await readFiles(positionals.length === 0 ? ['.'] : positionals, io);
    const { documents, faults: unreadable } = readDocuments(files);
    const faults = [...unread, ...unreadable];
    for (const fault of faults) io.stderr(`${inOneLine(fault)}\n`);
    const surroundings = surroundingsOf(documents.map(({ value }) => value));
    const options = { reconciler, ...(prefixLength === undefined ? {} : { prefixLength }) };
    const results = withNamesakes(
      routersIn(documents, io).map((found) => ({
        ...found,
        file: shownPath(found.path),
        migration: planMigration(found.reading, surroundings, options),
      })),
    );
    for (const result of results) io.stderr(report(result));
    const migrated = results.flatMap(({ origin, migration }) =>
      migration.kind === 'migrated' ? [{ origin, migration }] : [],
    );
    if (results.length === 0) io.stderr('There is no egress router of OpenShift SDN to migrate.\n');
    if (migrated.length > 0) {
      io.stdout(
        format === 'json'
          ? formatData({ apiVersion: 'v1', kind: 'List', items: objectsOf(migrated) }, 'json')
          : migrated.map(({ origin, migration }) => migratedYaml(origin, migration)).join('---\n'),
      );
    }
    return migrated.length > 0 && migrated.length === results.length && faults.length === 0 ? 0 : 1;
  },
};

interface ReadDocument {
  readonly path: string;
  readonly value: unknown;
}

interface FoundRouter {
  readonly path: string;
  /** What people call it. */
  readonly origin: string;
  readonly reading: LegacyReading;
}

/** The documents that may have a part in it, and why others could not be read. */
function readDocuments(files: readonly TextFile[]): {
  readonly documents: readonly ReadDocument[];
  readonly faults: readonly string[];
} {
  const documents: ReadDocument[] = [];
  const faults: string[] = [];
  for (const { path, text, encodingFault } of files) {
    if (encodingFault !== undefined && isLegacyText.test(text))
      faults.push(`${shownPath(path)}: ${encodingFault.message}`);
    for (const slice of toSlices(withLineFeeds(text))) {
      if (!mayMatter.test(slice.text)) continue;
      const read = readMigratable(slice.text);
      if (read.kind === 'read') documents.push({ path, value: read.value });
      else if (isLegacyText.test(slice.text)) faults.push(`${shownPath(path)}: ${read.reason}`);
    }
  }
  return { documents, faults };
}

const isLegacyText = /assign-macvlan|egress-(router|http-proxy|dns-proxy)|EGRESS_/;
const mayMatter = new RegExp(`${isLegacyText.source}|\\b(Service|ConfigMap)\\b`);

/** Pods that something makes are passed over: that thing is migrated, and makes no more of them. */
function routersIn(documents: readonly ReadDocument[], io: Io): readonly FoundRouter[] {
  return documents.flatMap(({ path, value }) =>
    legacyRoutersIn(value).flatMap((place): FoundRouter[] => {
      const reading = readLegacyRouter(value, place);
      const origin = titleOf(reading);
      const owner = ownerOf(reading.object);
      if (owner === undefined) return [{ path, origin, reading }];
      const passedOver = `${shownPath(path)}: ${origin} is passed over: ${owner.kind} "${owner.name}" makes it.`;
      io.stderr(`${inOneLine(passedOver)}\n`);
      return [];
    }),
  );
}

function report({
  file,
  origin,
  migration,
}: {
  readonly file: string;
  readonly origin: string;
  readonly migration: Migration;
}): string {
  if (migration.kind === 'refused')
    return `${inOneLine(`${file}: ${origin} cannot be migrated. ${migration.reason}`)}\n`;
  const { losses, questions, steps } = migration;
  const lines = [
    `${file}: ${origin} was migrated.`,
    ...steps.map((message) => `  To do: ${message}`),
    ...questions.map(({ message }) => `  Please check: ${message}`),
    ...losses.map(({ message }) => `  Lost: ${message}`),
  ];
  return lines.map((line) => `${inOneLine(line)}\n`).join('');
}

/** A Service may lead to several routers; it is listed once where it is the same. */
function objectsOf(
  migrated: readonly { readonly migration: Extract<Migration, { readonly kind: 'migrated' }> }[],
): readonly unknown[] {
  const objects = migrated.flatMap(({ migration }) => migration.objects);
  return [...new Map(objects.map((object) => [JSON.stringify(object), object])).values()];
}

/** @throws UsageError */
function readPrefixLength(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = /^[0-9]{1,2}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= 31) return number;
  throw new UsageError(`--prefix-length must be a number from 1 to 31, not "${text}".`);
}
