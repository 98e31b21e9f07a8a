import { type LegacyPlace, legacyRoutersIn } from '#core/legacy/detect.ts';
import { titleOf } from '#core/legacy/filled-in.ts';
import { type Migration, planMigration } from '#core/legacy/migrate/migrate.ts';
import { type Surroundings, surroundingsOf } from '#core/legacy/migrate/surroundings.ts';
import { type LegacyReading, readLegacyRouter } from '#core/legacy/parse.ts';
import type { Path } from '#core/problem.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import type { FileSlice, YamlFile } from '../document.ts';
import { marksReadOnce, type ReadMarks } from '../edits/written.ts';
import { objectSpan } from '../features/routers.ts';
import { objectsIn } from '../objects.ts';
import { withLineFeeds } from '../text/line-ends.ts';
import { toSlices } from '../text/slices.ts';
import { moved, type Span, touches } from '../text/span.ts';
import type { Edit } from '../text/text-edit.ts';
import { type Migratable, readMigratable } from './migratable.ts';
import { migrationEdits } from './migration-edits.ts';
import { namesakesReadOnce, namingNamesakes, type ReadNamesakes } from './namesakes.ts';

/** What can be done about a router of OpenShift SDN. */
export interface MigrationHere {
  /** What people call it: `Pod "egress-1"`. */
  readonly origin: string;
  /** All of it, in the file. */
  readonly span: Span;
  readonly outcome: MigrationOutcome;
}

export type MigrationOutcome =
  | {
      readonly kind: 'migrated';
      /** Of the file. They take more time than all the rest: they are made when they are wanted. */
      readonly edits: () => readonly Edit[];
      readonly losses: readonly string[];
      readonly questions: readonly string[];
      readonly steps: readonly string[];
    }
  | { readonly kind: 'refused'; readonly reason: string };

/** Another file of the workspace, which may hold the Service or the ConfigMap of a router. */
export interface OtherFile {
  /** As people know it. */
  readonly name: string;
  readonly text: string;
}

/**
 * The routers of OpenShift SDN that a stretch of a file touches, and what becomes of them. Between the items of
 * a List, that is all of them. Reads the other documents of the file only where there is such a router.
 * @param others asked for only then, too
 */
export function migrationsAt(
  file: YamlFile,
  span: Span,
  others: () => readonly OtherFile[] = () => [],
): readonly MigrationHere[] {
  const found = file.slices
    .filter(({ start, text }) => start <= span.end && span.start <= start + text.length)
    .flatMap((slice) => placesIn(slice, span));
  if (found.length === 0) return [];
  const documents = readDocuments(file.slices);
  const elsewhere = others().map(({ name, text }) => ({
    name,
    documents: readDocuments(toSlices(withLineFeeds(text))),
  }));
  const files = [{ name: 'this file', documents }, ...elsewhere];
  const surroundings = surroundingsOf(files.flatMap((one) => one.documents).map(({ value }) => value));
  const around: Around = {
    documents,
    elsewhere,
    surroundings,
    readNamesakes: namesakesReadOnce(files, surroundings),
    readMarks: marksReadOnce(),
  };
  const readOnce = new Map<FileSlice, ReadSlice>();
  return found.slice(0, mostMigrations).map((place) => {
    const { slice, origin, span } = place;
    const read = readOnce.get(slice) ?? readSlice(slice, documents);
    readOnce.set(slice, read);
    return { origin, span, outcome: migrate(place, read, around) };
  });
}

/** Nobody reads a longer menu; each of them is looked at from its beginning to its end. */
const mostMigrations = 20;

interface Found {
  readonly slice: FileSlice;
  readonly root: Path;
  readonly origin: string;
  readonly span: Span;
}

export interface ReadDocument {
  readonly slice: { readonly text: string; readonly start: number };
  readonly value: unknown;
}

interface Elsewhere {
  readonly name: string;
  readonly documents: readonly ReadDocument[];
}

/** What is the same for all routers of a file. */
interface Around {
  readonly documents: readonly ReadDocument[];
  readonly elsewhere: readonly Elsewhere[];
  readonly surroundings: Surroundings;
  readonly readNamesakes: ReadNamesakes;
  readonly readMarks: ReadMarks;
}

interface ReadSlice {
  readonly own: Migratable;
  /** Of the routers in it, by their roots. */
  readonly places: ReadonlyMap<string, LegacyPlace>;
}

function readSlice({ text, start }: FileSlice, documents: readonly ReadDocument[]): ReadSlice {
  const known = documents.find(({ slice }) => slice.start === start);
  const own = known === undefined ? readMigratable(text) : { kind: 'read' as const, value: known.value };
  const places = own.kind === 'read' ? legacyRoutersIn(own.value) : [];
  return { own, places: new Map(places.map((place) => [place.root.join('/'), place])) };
}

function placesIn(slice: FileSlice, wanted: Span): readonly Found[] {
  const { content, text, start } = slice;
  const routers = (content?.objects ?? []).filter((object) => object.kind === 'legacy');
  if (content === undefined || routers.length === 0) return [];
  const parsed = content.source.parsed();
  const all = routers.map(({ root, reading }) => ({
    slice,
    root,
    origin: titleOf(reading),
    span: moved(objectSpan(text, parsed, root), start),
  }));
  const met = all.filter(({ span }) => touches(span, wanted.start) || touches(wanted, span.start));
  return met.length > 0 ? met : all;
}

function migrate(
  { slice, root }: Found,
  { own, places }: ReadSlice,
  { documents, elsewhere, surroundings, readNamesakes, readMarks }: Around,
): MigrationOutcome {
  if (own.kind === 'refused') return own;
  const place = places.get(root.join('/'));
  // What fills in a template may have made a router of it.
  if (place === undefined) return { kind: 'refused', reason: 'It cannot be read for certain.' };
  const legacy = readLegacyRouter(own.value, place);
  const options = { reconciler: slice.content?.reconciler ?? 'unknown' };
  const plan = (reading: LegacyReading): Migration => planMigration(reading, surroundings, options);
  const migration = namingNamesakes(legacy, plan(legacy), readNamesakes, plan);
  if (migration.kind === 'refused') return migration;
  const steps = [...migration.steps, ...stepsElsewhere(migration.objects, elsewhere)];
  const edits = (): readonly Edit[] =>
    migrationEdits(
      { slice, value: own.value },
      root,
      titleOf(legacy),
      { ...migration, steps },
      documents,
      readMarks,
    );
  const texts = (remarks: readonly { readonly message: string }[]): readonly string[] =>
    remarks.map(({ message }) => message);
  return {
    kind: 'migrated',
    edits,
    losses: texts(migration.losses),
    questions: texts(migration.questions),
    steps,
  };
}

/** Their old Services would stand beside the new ones, which bear the same names. */
function stepsElsewhere(objects: readonly unknown[], elsewhere: readonly Elsewhere[]): readonly string[] {
  return objects.flatMap((object) => {
    const name = serviceName(object);
    if (name === undefined) return [];
    const files = elsewhere.filter(({ documents }) =>
      documents.some(({ value }) =>
        objectsIn(value).some((one) => one.kind === 'service' && one.facts.name === name),
      ),
    );
    return files.map(
      (file) => `Take the old Service "${name}" out of ${file.name}: the new one replaces it.`,
    );
  });
}

function serviceName(object: unknown): string | undefined {
  if (!isJsonObject(object) || object['kind'] !== 'Service' || !isJsonObject(object['metadata'])) {
    return undefined;
  }
  const { name } = object['metadata'];
  return typeof name === 'string' ? name : undefined;
}

/** Those that may have a part in it, as far as they can be read. */
function readDocuments(
  slices: readonly { readonly text: string; readonly start: number }[],
): readonly ReadDocument[] {
  return slices.flatMap(({ text, start }) => {
    if (!mayMatter.test(text)) return [];
    const read = readMigratable(text);
    return read.kind === 'read' ? [{ slice: { text, start }, value: read.value }] : [];
  });
}

const mayMatter = /assign-macvlan|egress-router|EGRESS_|EgressRouter|\b(?:Service|ConfigMap)\b/;
