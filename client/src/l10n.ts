import { l10n } from 'vscode';

/**
 * A text to people in the language of their VS Code: t`Checking ${name}` is `Checking {0}` in a bundle
 * (`l10n/bundle.l10n.<language>.json`), and stays as it is without one. All texts of the client go through here, and
 * what it passes on from others through `told`; the log is in English.
 */
export function t(parts: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  const [first = '', ...others] = parts;
  return others.length === 0
    ? l10n.t(first)
    : l10n.t(
        others.reduce((message, part, index) => `${message}{${index}}${part}`, first),
        ...values,
      );
}
