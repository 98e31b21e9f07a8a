// Stands in for the module `vscode` in unit tests, which run without one: texts are in English there.
export const l10n = {
  t: (message: string, ...values: readonly (string | number)[]): string =>
    message.replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)])),
};

/** Nothing in a unit test is one. */
export class Uri {}

export class MarkdownString {
  value: string;

  constructor(value = '') {
    this.value = value;
  }
}

/** Of an outline without branches. */
export class SymbolInformation {}
