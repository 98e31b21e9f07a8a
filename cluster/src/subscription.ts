/** Something that calls back until it is closed, and not after. */
export interface Subscription {
  close(): void;
}
