/** Something that is being read before it is known whether it will be wanted. */
export interface ReadAhead<T> {
  /** Fails as the reading did. */
  readonly value: () => Promise<T>;
  /** When nothing is being read any more. Never rejects. */
  readonly end: Promise<unknown>;
}

/** Nobody has to ask for the value: a failure that nobody asks for is none. */
export function readAhead<T>(reading: Promise<T>): ReadAhead<T> {
  const end = reading.then(
    (value) => () => value,
    (error: unknown) => () => {
      throw error;
    },
  );
  return { value: async () => (await end)(), end };
}
