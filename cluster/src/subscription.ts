/** Something that calls back until it is closed, and not after. */
export interface Subscription {
  close(): void;
}

/** One that hears from a cluster. */
export interface HeardSubscription extends Subscription {
  /** When the last sign of life came, ISO 8601; undefined before the first. Until then what is shown was so. */
  heardAt(): string | undefined;
}
