import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Hover as LibraryHover, MarkupContent } from 'vscode-languageserver-types';
import type { LanguageService } from 'yaml-language-server';
import { egressRouterSchema } from '#core/egress-router/schema.generated.ts';
import { toDraft07 } from './draft-07.ts';

/** What yaml-language-server is used for: hover and formatting, of one slice at a time. */
export interface BaseService {
  /** Markdown. */
  hover(text: string, offset: number): Promise<string | undefined>;
  /** @returns undefined where the text is formatted already or cannot be. */
  format(text: string, tabSize: number): Promise<string | undefined>;
}

/**
 * Loads yaml-language-server when it is first asked: starting costs nothing of it. It knows one schema, ours;
 * whatever other schema it asks for is refused, so it never reads a file or the network.
 */
export function createBaseService(): BaseService {
  let loading: Promise<LanguageService> | undefined;
  let version = 0;
  const service = (): Promise<LanguageService> => {
    loading ??= load();
    return loading;
  };
  const open = (text: string): TextDocument => {
    version += 1;
    return TextDocument.create(sliceUri, 'yaml', version, withoutSchemaReferences(text));
  };
  return {
    hover: async (text, offset) => {
      if (text.length > longest.hover) return undefined;
      const document = open(text);
      const contents = await hoverContents(await service(), document, offset);
      if (contents === undefined || Array.isArray(contents)) return undefined;
      // Every answer bears the title of the schema, even where there is nothing to say.
      const markdown = markdownOf(contents)
        .replace(/^#### .*\n*/, '')
        .trim();
      return markdown === '' ? undefined : markdown;
    },
    format: async (text, tabSize) => {
      if (text.length > longest.format) return undefined;
      const edits = await (await service()).doFormat(open(text), formatOptions(tabSize));
      return edits[0]?.newText;
    },
  };
}

/** In characters. It compares each key with all that stand before it; no manifest is as long. */
const longest = { hover: 50_000, format: 200_000 } as const;

const sliceUri = 'egress-router:///slice.yaml';
const schemaUri = 'egress-router:///schema.json';

async function load(): Promise<LanguageService> {
  const { getLanguageService } = await import('yaml-language-server');
  const service = getLanguageService({
    schemaRequestService: (uri) =>
      Promise.reject(new Error(`No schema but the built-in one is used: ${uri}`)),
    workspaceContext: { resolveRelativePath: (relative) => relative },
  });
  service.configure({
    validate: false,
    completion: false,
    hover: true,
    format: true,
    hoverSchemaSource: false,
    indentation: '  ',
    schemas: [{ uri: schemaUri, fileMatch: ['*'], schema: toDraft07(egressRouterSchema) }],
  });
  return service;
}

async function hoverContents(
  service: LanguageService,
  document: TextDocument,
  offset: number,
): Promise<LibraryHover['contents'] | undefined> {
  try {
    return (await service.doHover(document, document.positionAt(offset)))?.contents;
  } catch (error) {
    // It stumbles over a key without text, as stands there while somebody types one.
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** The service's formatting takes `tabSize` too, which its type does not tell. */
function formatOptions(tabSize: number): { printWidth: number; tabSize: number; proseWrap: string } {
  return { printWidth: 110, tabSize, proseWrap: 'preserve' };
}

/** Modelines and `$schema` keys would choose another schema; of the same length, so that offsets stay. */
function withoutSchemaReferences(text: string): string {
  return text.replaceAll('$schema', '_schema');
}

function markdownOf(contents: string | MarkupContent | { language: string; value: string }): string {
  return typeof contents === 'string' ? contents : contents.value;
}
