/** Text as the API server takes it; the sign is left out, as there is nothing less than nothing. */
export function isQuantity(text: string): boolean {
  return pattern.test(text);
}

/** How much it is, in cores or bytes. @param text a quantity */
export function amountOf(text: string): number {
  const [, number = '', unit = ''] = pattern.exec(text) ?? [];
  return Number(number) * (factors.get(unit) ?? Number.NaN);
}

const factors: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['m', 1e-3],
  ['k', 1e3],
  ['M', 1e6],
  ['G', 1e9],
  ['T', 1e12],
  ['Ki', 2 ** 10],
  ['Mi', 2 ** 20],
  ['Gi', 2 ** 30],
  ['Ti', 2 ** 40],
]);

const pattern = new RegExp(`^([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(${[...factors.keys()].join('|')})$`);
