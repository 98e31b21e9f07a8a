/** What has been done so far, to be taken back in the reverse order if a later step fails. */
export class Undo {
  readonly #steps: (() => void)[] = [];

  defer(step: () => void): void {
    this.#steps.push(step);
  }

  /** Runs every step, whatever the others do. */
  run(onFailure: (error: unknown) => void): void {
    for (const step of this.#steps.splice(0).toReversed()) {
      try {
        step();
      } catch (error) {
        onFailure(error);
      }
    }
  }
}
