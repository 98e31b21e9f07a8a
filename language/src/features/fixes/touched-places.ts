import type { Path } from '#core/problem.ts';
import type { Span } from '../../text/span.ts';
import type { DiagnosticFix } from '../checks/diagnostic.ts';

/** What fixes of one kind, all of values or all of text, touch of a document. There may be thousands of them. */
export class TouchedPlaces {
  readonly #paths = new Set<string>();
  /** The ways to those. */
  readonly #above = new Set<string>();
  /** In order, none over another. */
  readonly #spans: Span[] = [];

  /** Takes in what the fix touches; false, for none of it, where something of it is touched already. */
  takeApart(fix: DiagnosticFix): boolean {
    if (fix.kind === 'value') {
      const paths = fix.edits.map(({ path }) => prefixesOf(path));
      if (paths.some((prefixes) => this.#isTouched(prefixes))) return false;
      for (const prefixes of paths) this.#touch(prefixes);
      return true;
    }
    const spans = fix.edits.map(({ span }) => span);
    if (spans.some((span) => !this.#isFree(span))) return false;
    for (const span of spans) this.#spans.splice(this.#indexOf(span.start), 0, span);
    return true;
  }

  #isTouched(prefixes: readonly string[]): boolean {
    return this.#above.has(prefixes.at(-1) ?? '') || prefixes.some((prefix) => this.#paths.has(prefix));
  }

  #touch(prefixes: readonly string[]): void {
    for (const prefix of prefixes) this.#above.add(prefix);
    this.#paths.add(prefixes.at(-1) ?? '');
  }

  /** Two that begin at one place are not apart, be they empty. */
  #isFree({ start, end }: Span): boolean {
    const index = this.#indexOf(start);
    const [before, after] = [this.#spans[index - 1], this.#spans[index]];
    return (
      (before === undefined || before.end <= start) &&
      (after === undefined || (after.start !== start && after.start >= end))
    );
  }

  /** Of the first one that begins there or further on. */
  #indexOf(start: number): number {
    let low = 0;
    let high = this.#spans.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#spans[middle]?.start ?? 0) < start) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The way to what a path names, step by step, from the root to itself. */
function prefixesOf(path: Path): readonly string[] {
  const steps = path.map((step) => JSON.stringify(step));
  return ['', ...steps.map((_step, index) => steps.slice(0, index + 1).join(','))];
}
