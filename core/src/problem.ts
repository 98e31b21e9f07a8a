/** A position in a document's value: object keys and array indices from the root. */
export type Path = readonly (string | number)[];

export type Severity = 'error' | 'warning' | 'information';

/**
 * A fault in text that a person wrote. `code` is what tests, quick fixes and documentation pages hang on
 * (one page per code: `docs/diagnostics/<code>.md`); only people read `message`.
 *
 * `path` names the value at fault. Where a key is missing, it names the object that lacks it.
 * `at` says whether the key or the value of the last path element is to be marked (default: the value).
 */
export interface Problem<Code extends string = string> {
  readonly code: Code;
  readonly severity: Severity;
  readonly path: Path;
  readonly at?: 'key' | 'value';
  /** The part of a string value that is at fault, as offsets in the value as it is read: UTF-16 units, `end` exclusive. */
  readonly within?: { readonly start: number; readonly end: number };
  readonly message: string;
  /** Other places that have a part in it. */
  readonly related?: readonly RelatedPlace[];
  /** What a person may choose to do about it, the likeliest first. */
  readonly fixes?: readonly Fix[];
}

export interface RelatedPlace {
  /** Absent: the document of the problem. Opaque, as whoever collects documents gave it. */
  readonly document?: DocumentId;
  readonly path: Path;
  readonly at?: 'key' | 'value';
  /** As that of a problem. */
  readonly within?: { readonly start: number; readonly end: number };
  readonly message: string;
}

export type DocumentId = string;

/** A change of a document that mends a problem, told as what changes of its value; where that is written is not known here. */
export interface Fix {
  /** What it does, as a menu says it: `Use /24, the prefix of the gateway's network`. */
  readonly title: string;
  /** Applied together. None of them touches what another one touches. */
  readonly edits: readonly ValueEdit[];
  /** It says the same in a better way, or there is only one way to mean it: done unasked by "fix all" and `lint --fix`. */
  readonly isSafe?: true;
  /** A name whose address has to be looked up, which only happens when a person chooses the fix; `edits` is empty. */
  readonly lookUp?: { readonly host: string; readonly path: Path };
}

/** Paths are those of the document before the fix. */
export type ValueEdit =
  /** Puts another scalar where there is one, or an empty value. */
  | { readonly kind: 'replace'; readonly path: Path; readonly value: string | number | boolean }
  /**
   * Adds a key that is not there, at the end of the object that `path` without its last element names; or an entry
   * at the end of a list, whose index is the length of the list.
   */
  | { readonly kind: 'add'; readonly path: Path; readonly value: JsonValue }
  /** Takes away a key with its value, or an entry of a list. */
  | { readonly kind: 'remove'; readonly path: Path }
  /** Gives a key another name; its value stays. */
  | { readonly kind: 'rename'; readonly path: Path; readonly key: string };

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };
