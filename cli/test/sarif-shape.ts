import type {
  ArtifactLocation,
  Location,
  Log,
  Message,
  MultiformatMessageString,
  PhysicalLocation,
  Region,
  ReportingDescriptor,
  Result,
  Run,
  Tool,
  ToolComponent,
} from 'sarif';

/**
 * What the schema of SARIF 2.1.0 demands of the parts that our reports have, with the names that `@types/sarif`
 * has for them. The schema itself is in no package that is kept up and brings nothing else along.
 */
export function sarifFaults(log: unknown): readonly string[] {
  return faultsOf(log, logShape, 'log');
}

type Shape =
  | {
      readonly kind: 'object';
      readonly required: readonly string[];
      readonly fields: Readonly<Record<string, Shape | undefined>>;
    }
  | { readonly kind: 'list'; readonly of: Shape; readonly isUnique: boolean }
  | { readonly kind: 'text'; readonly oneOf?: readonly string[] }
  | { readonly kind: 'integer'; readonly least: number };

const text: Shape = { kind: 'text' };

function object<T>(
  required: readonly (keyof T & string)[],
  fields: { readonly [Field in keyof T & string]?: Shape },
): Shape {
  return { kind: 'object', required, fields };
}

function oneOf<T extends string>(...values: readonly T[]): Shape {
  return { kind: 'text', oneOf: values };
}

function list(of: Shape): Shape {
  return { kind: 'list', of, isUnique: false };
}

function set(of: Shape): Shape {
  return { kind: 'list', of, isUnique: true };
}

function integer(least: number): Shape {
  return { kind: 'integer', least };
}

// The schema wants a text or the id of one; we write texts.
const message = object<Message>(['text'], { text });
const formatted = object<MultiformatMessageString>(['text'], { text, markdown: text });
const region = object<Region>([], {
  startLine: integer(1),
  startColumn: integer(1),
  endLine: integer(1),
  endColumn: integer(1),
});
// The schema wants this or an address in memory.
const physicalLocation = object<PhysicalLocation>(['artifactLocation'], {
  artifactLocation: object<ArtifactLocation>([], { uri: text }),
  region,
});
const location = object<Location>([], { id: integer(-1), physicalLocation, message });
const rule = object<ReportingDescriptor>(['id'], { id: text, shortDescription: formatted, help: formatted });
const result = object<Result>(['message'], {
  ruleId: text,
  ruleIndex: integer(-1),
  level: oneOf<Result.level>('none', 'note', 'warning', 'error'),
  message,
  locations: list(location),
  relatedLocations: set(location),
});
const driver = object<ToolComponent>(['name'], { name: text, semanticVersion: text, rules: set(rule) });
const run = object<Run>(['tool'], {
  tool: object<Tool>(['driver'], { driver }),
  columnKind: oneOf<Run.columnKind>('utf16CodeUnits', 'unicodeCodePoints'),
  results: list(result),
});
const logShape = object<Log>(['version', 'runs'], {
  $schema: text,
  version: oneOf<Log.version>('2.1.0'),
  runs: list(run),
});

function faultsOf(value: unknown, shape: Shape, at: string): readonly string[] {
  switch (shape.kind) {
    case 'object': {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${at} is no object`];
      const missing = shape.required.filter((field) => !(field in value));
      return [
        ...missing.map((field) => `${at} lacks ${field}`),
        ...Object.entries(value).flatMap(([field, inner]) => {
          const known = shape.fields[field];
          return known === undefined ? [`${at} has ${field}`] : faultsOf(inner, known, `${at}.${field}`);
        }),
      ];
    }
    case 'list': {
      if (!Array.isArray(value)) return [`${at} is no list`];
      const isRepeated = new Set(value.map((one) => JSON.stringify(one))).size < value.length;
      return [
        ...(shape.isUnique && isRepeated ? [`${at} repeats an entry`] : []),
        ...value.flatMap((one: unknown, index) => faultsOf(one, shape.of, `${at}[${index}]`)),
      ];
    }
    case 'text': {
      const isText = typeof value === 'string' && (shape.oneOf?.includes(value) ?? true);
      return isText ? [] : [`${at} is ${JSON.stringify(value)}`];
    }
    case 'integer': {
      const isInteger = typeof value === 'number' && Number.isInteger(value) && value >= shape.least;
      return isInteger ? [] : [`${at} is ${JSON.stringify(value)}`];
    }
  }
}
