import { l10n } from 'vscode';
import { type Phrases, phrasesOf, toldBy } from './phrases.ts';

/**
 * What others say, in the language of the person: the checks, the language server, the code for clusters, and
 * operators and plugins, whose words come out of a cluster. All of them speak English, and what comes here is a text
 * with its values in it; so each sentence is looked for among those that have been translated, which the bundle has
 * with `{0}` for a value. What is not found there stays as it is, as the words of a kubelet do.
 */
export function told(text: string): string {
  return toldLines(text, (line, tell) => tell(line));
}

/** As `told`, for Markdown: blocks of code stay, and what marks an item of a list. */
export function toldMarkdown(text: string): string {
  let isCode = false;
  return toldLines(text, (line, tell) => {
    const isFence = line.startsWith('```');
    if (isFence) isCode = !isCode;
    if (isCode || isFence) return line;
    const mark = line.startsWith('- ') ? '- ' : '';
    return mark + tell(line.slice(mark.length));
  });
}

/** False in English: then there is nothing to look for. */
export function isTranslated(): boolean {
  return known !== undefined;
}

function toldLines(text: string, inLine: (line: string, tell: (part: string) => string) => string): string {
  if (known === undefined || text.length > longestText) return text;
  const { phrases } = known;
  const tell = (matter: string): string =>
    matter
      .split(betweenParts)
      .map((part) => toldBy(phrases, part))
      .join(betweenParts);
  return text
    .split('\n')
    .map((line) => inLine(line, tell))
    .join('\n');
}

/** Whoever writes a status may write a very long one. */
const longestText = 10_000;
/** As between the name of a field, its type, and whether it is required. */
const betweenParts = ' · ';

/** Puts the phrases in order when the first text is to be told: an extension has to start fast. */
class Dictionary {
  readonly #bundle: Readonly<Record<string, string>>;
  #phrases: Phrases | undefined;

  constructor(bundle: Readonly<Record<string, string>>) {
    this.#bundle = bundle;
  }

  get phrases(): Phrases {
    this.#phrases ??= phrasesOf(this.#bundle);
    return this.#phrases;
  }
}

const known = l10n.bundle === undefined ? undefined : new Dictionary(l10n.bundle);
