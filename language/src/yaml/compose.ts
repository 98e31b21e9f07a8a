import {
  Composer,
  type CST,
  type Document,
  isMap,
  isScalar,
  isSeq,
  type Lexer,
  Parser,
  type Scalar,
  YAMLParseError,
} from 'yaml';
import { tooDeepToken } from './nesting.ts';

export interface Composed {
  /** None where there was more wrong than is worth reading on for, or it is nested too deeply. */
  readonly document: Document.Parsed | undefined;
  /** Of what is wrong, no more than a thousand. */
  readonly errors: readonly YAMLParseError[];
}

interface Leniency {
  readonly takesOutdentedJson?: boolean;
  /** Between brackets and quotes a line may be indented by tabs. */
  readonly takesTabs?: boolean;
}

/**
 * What `parseDocument` of the library gives, in a time that grows no faster than the text: there, each key is compared
 * with all that stand before it in its object, and all of a long text can be errors.
 */
export function composeDocument(
  text: string,
  { takesOutdentedJson = false, takesTabs = false }: Leniency = {},
): Composed {
  const composer = new Composer({ prettyErrors: false, merge: true, logLevel: 'silent', uniqueKeys: false });
  const parser = new Parser();
  if (takesOutdentedJson) takeOutdentedJson(parser['lexer']);
  if (takesTabs) takeTabs(parser['lexer']);
  const tell: (...error: readonly unknown[]) => void = composer['onError'];
  let count = 0;
  composer['onError'] = (...error: readonly unknown[]) => {
    const isWarning = error[3] === true;
    if (!isWarning) count += 1;
    if (count > mostErrors) throw new TooManyErrors();
    tell(...error);
  };
  try {
    const [document] = composer.compose(upToErrors(parser.parse(text)), true, text.length);
    if (document === undefined) return { document, errors: [] };
    return { document, errors: [...document.errors, ...repeatedKeys(document.contents)] };
  } catch (error) {
    if (error instanceof TooManyErrors) return { document: undefined, errors: composer['errors'] };
    if (error instanceof YAMLParseError) return { document: undefined, errors: [error] };
    throw error;
  }
}

/** A text in quotes that begins as JSON does goes on to its closing quote, however its lines are indented. */
function takeOutdentedJson(lexer: Lexer): void {
  const parseQuoted = lexer['parseQuotedScalar'].bind(lexer);
  lexer['parseQuotedScalar'] = function* () {
    const indentNext = lexer['indentNext'];
    if (/^['"]\s*[{[]/.test(lexer['buffer'].slice(lexer['pos'], lexer['pos'] + 100))) lexer['indentNext'] = 0;
    const next = yield* parseQuoted();
    lexer['indentNext'] = indentNext;
    return next;
  };
}

/** A line between brackets or quotes that a tab indents is indented far enough. */
function takeTabs(lexer: Lexer): void {
  const parseQuoted = lexer['parseQuotedScalar'].bind(lexer);
  const continueScalar = lexer['continueScalar'].bind(lexer);
  const pushSpaces = lexer['pushSpaces'].bind(lexer);
  let isQuoted = false;
  lexer['parseQuotedScalar'] = function* () {
    isQuoted = true;
    const next = yield* parseQuoted();
    isQuoted = false;
    return next;
  };
  lexer['continueScalar'] = (offset: number) => {
    const found = continueScalar(offset);
    if (found >= 0 || !(isQuoted || lexer['flowLevel'] > 0)) return found;
    const spaces = spacesAt(lexer['buffer'], offset);
    return lexer['buffer'][offset + spaces] === '\t' ? offset + spaces : found;
  };
  lexer['pushSpaces'] = function* (allowTabs: boolean) {
    const count = yield* pushSpaces(allowTabs);
    const isByTab = !allowTabs && lexer['flowLevel'] > 0 && lexer['buffer'][lexer['pos']] === '\t';
    return isByTab ? count + farEnough : count;
  };
}

const farEnough = 1_000_000;

function spacesAt(text: string, offset: number): number {
  let count = 0;
  while (text[offset + count] === ' ') count += 1;
  return count;
}

const mostErrors = 1000;
const tooDeepText = 'It is nested too deeply.';

class TooManyErrors extends Error {
  override readonly name = 'TooManyErrors';
}

/**
 * What belongs to no document is an error each.
 * @throws YAMLParseError for a document that is nested too deeply
 */
function* upToErrors(tokens: Iterable<CST.Token>): Iterable<CST.Token> {
  let count = 0;
  for (const token of tokens) {
    if (token.type === 'error') count += 1;
    if (count > mostErrors) return;
    const tooDeep = token.type === 'document' ? tooDeepToken(token) : undefined;
    if (tooDeep !== undefined)
      throw new YAMLParseError([tooDeep, tooDeep], 'RESOURCE_EXHAUSTION', tooDeepText);
    yield token;
  }
}

/** In their order: keys of one object that are equal as values, of which all but the first are told. */
function repeatedKeys(contents: unknown): readonly YAMLParseError[] {
  const found: YAMLParseError[] = [];
  const look = (node: unknown): void => {
    if (isSeq(node)) {
      for (const item of node.items) look(item);
    } else if (isMap(node)) {
      const known = new Set<unknown>();
      for (const { key, value } of node.items) {
        if (isScalar(key)) {
          if (known.has(key.value) && found.length < mostErrors) found.push(repeatedKey(key));
          known.add(key.value);
        }
        look(key);
        look(value);
      }
    }
  };
  look(contents);
  return found;
}

function repeatedKey({ range }: Scalar): YAMLParseError {
  const [start, end] = range ?? [0, 0];
  return new YAMLParseError([start, end], 'DUPLICATE_KEY', 'Map keys must be unique');
}
