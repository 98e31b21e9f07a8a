import { routerProblemCodes } from '#core/egress-router/checks/checks.ts';
import { platformProblemCodes } from '#core/egress-router/checks/platform-checks.ts';
import { patchProblemCodes } from '#core/egress-router/patch.ts';
import { legacyProblemCodes } from '#core/legacy/problems.ts';
import { nadProblemCodes } from '#core/nad/problem-codes.ts';
import type { Fix, RelatedPlace, Severity } from '#core/problem.ts';
import { relationProblemCodes } from '#core/relations/problem-codes.ts';
import { serviceProblemCodes } from '#core/service/problem-codes.ts';
import type { Span } from '../../text/span.ts';
import type { Edit } from '../../text/text-edit.ts';

/** Of the text itself, whatever its values mean. */
const yamlProblemCodes = [
  'yaml-syntax',
  'duplicate-key',
  'leading-zero',
  'yaml-1.1-value',
  'anchor-in-identity',
] as const;

/** One page each in `docs/diagnostics/`. */
export const diagnosticCodes = [
  ...routerProblemCodes,
  ...platformProblemCodes,
  ...nadProblemCodes,
  ...legacyProblemCodes,
  ...relationProblemCodes,
  ...serviceProblemCodes,
  ...patchProblemCodes,
  ...yamlProblemCodes,
] as const;
export type DiagnosticCode = (typeof diagnosticCodes)[number];

export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  readonly span: Span;
  readonly message: string;
  /** Paths count from the root of their document; where that is written is asked for when it is shown. */
  readonly related: readonly RelatedPlace[];
  readonly fixes: readonly DiagnosticFix[];
}

/** A change of the document's value, still to be turned into one of its text; or one of the text itself. */
export type DiagnosticFix =
  | ({ readonly kind: 'value' } & Fix)
  | {
      readonly kind: 'text';
      readonly title: string;
      readonly isSafe?: true;
      readonly edits: readonly Edit[];
    };
