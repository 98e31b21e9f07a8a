/** What takes a step back. Runs once, and must bear that its step was only half done. */
export type Undo = () => Promise<void>;

/**
 * The way back out of everything a part has done to the machine: each step registers its undo before the next
 * step starts. A failed undo is reported and does not keep the others from running.
 */
export class UndoStack {
  readonly #undos: { readonly what: string; readonly undo: Undo }[] = [];
  readonly #report: (message: string) => void;

  constructor(report: (message: string) => void) {
    this.#report = report;
  }

  defer(what: string, undo: Undo): void {
    this.#undos.push({ what, undo });
  }

  /** Last step first. */
  async unwind(): Promise<void> {
    for (let step = this.#undos.pop(); step !== undefined; step = this.#undos.pop()) {
      try {
        await step.undo();
      } catch (error) {
        this.#report(`cannot ${step.what}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
}
