// A bundle as a translator would make it of what is collected: each text in brackets.
import { readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.dirname(path.dirname(import.meta.dirname));

/** In place of `l10n` of the module `vscode`. Fails for what has not been collected. */
export function pseudoL10n(): {
  readonly bundle: Readonly<Record<string, string>>;
  readonly t: (message: string, ...values: readonly (string | number)[]) => string;
} {
  const bundle: Readonly<Record<string, string>> = JSON.parse(
    readFileSync(path.join(root, 'l10n/bundle.l10n.json'), 'utf8'),
  );
  return {
    bundle,
    t: (message, ...values) => {
      if (!Object.hasOwn(bundle, message)) throw new Error(`Not in the bundle: ${message}`);
      return `⟦${message.replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)]))}⟧`;
    },
  };
}
