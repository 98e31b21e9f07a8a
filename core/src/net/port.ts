/** A TCP, UDP or SCTP port, a whole number from 1 to 65535. */
export type Port = number & { readonly __brand: 'Port' };

export function parsePort(value: unknown): Port | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65535
    ? (value as Port)
    : undefined;
}

/** As `parsePort`, from decimal digits without sign, blanks or leading zeros. */
export function parsePortText(text: string): Port | undefined {
  const port = parsePort(Number(text));
  // The one spelling that a number has: a pattern takes several times as long on the engine of the CNI executable.
  return port !== undefined && String(port) === text ? port : undefined;
}

/** For constants of the program. @throws RangeError for a number that is no port. */
export function toPort(value: number): Port {
  const port = parsePort(value);
  if (port === undefined) throw new RangeError(`${value} is no port`);
  return port;
}
