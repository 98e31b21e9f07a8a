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
  readonly message: string;
}
