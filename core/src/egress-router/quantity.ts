/** Text as the API server takes it; the sign is left out, as there is nothing less than nothing. */
export function isQuantity(text: string): boolean {
  return pattern.test(text);
}

/** How much it is, exactly: in billionths of a core or byte. @param text a quantity */
export function amountOf(text: string): bigint {
  const [, number = '', unit = ''] = pattern.exec(text) ?? [];
  const [whole = '', fraction = ''] = number.split('.');
  return (BigInt(whole + fraction) * (factors.get(unit) ?? 0n)) / 10n ** BigInt(fraction.length);
}

const factors: ReadonlyMap<string, bigint> = new Map([
  ['', 10n ** 9n],
  ['m', 10n ** 6n],
  ['k', 10n ** 12n],
  ['M', 10n ** 15n],
  ['G', 10n ** 18n],
  ['T', 10n ** 21n],
  ['Ki', 2n ** 10n * 10n ** 9n],
  ['Mi', 2n ** 20n * 10n ** 9n],
  ['Gi', 2n ** 30n * 10n ** 9n],
  ['Ti', 2n ** 40n * 10n ** 9n],
]);

const pattern = new RegExp(`^([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(${[...factors.keys()].join('|')})$`);
