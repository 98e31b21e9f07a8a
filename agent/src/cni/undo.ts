/** What has been done so far, to be taken back in the reverse order if a later step fails. */
export class Undo {
  readonly #steps: (() => Promise<unknown>)[] = [];

  defer(step: () => Promise<unknown>): void {
    this.#steps.push(step);
  }

  /** Runs every step, whatever the others do. */
  async run(onFailure: (error: unknown) => void): Promise<void> {
    for (const step of this.#steps.splice(0).toReversed()) {
      try {
        await step();
      } catch (error) {
        onFailure(error);
      }
    }
  }
}
