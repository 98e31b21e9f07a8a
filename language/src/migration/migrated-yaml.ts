import { Document, isMap, isNode, isPair, isScalar } from 'yaml';
import type { Migration } from '#core/legacy/migrate/migrate.ts';
import type { Path } from '#core/problem.ts';

type Migrated = Extract<Migration, { readonly kind: 'migrated' }>;

/**
 * What a router of OpenShift SDN became, as the text of a file. At its head stands what was lost, what was chosen
 * and what is left to do; the comments of the old rules stand with the new ones.
 * @param origin what was migrated, as people call it: `Pod "egress-1"`
 * @param isSaid what stands around it says already who makes the router
 */
export function migratedYaml(
  origin: string,
  { reconciler, objects, comments, losses, questions, steps }: Migrated,
  isSaid = false,
): string {
  const head = [
    `Migrated from ${origin} of OpenShift SDN.`,
    ...steps.map((message) => `To do: ${message}`),
    ...questions.map(({ message }) => `Please check: ${message}`),
    ...losses.map(({ message }) => `Lost: ${message}`),
  ];
  // Whoever checks the file without the option or the setting reads it here.
  const said = reconciler === 'agent' && !isSaid ? '# egressRouter.reconciler: agent\n' : '';
  const texts = objects.map((object, index) => {
    const document = new Document(object, { version: '1.1', aliasDuplicateObjects: false });
    for (const { path, lines } of index === 0 ? comments : []) {
      comment(document, path, lines.map(withoutSign));
    }
    return `${said}${document.toString({ lineWidth: 0 })}`;
  });
  return `${head.map((line) => `${commentLines(printable(line))}\n`).join('')}${texts.join('---\n')}`;
}

/** A diff shows two files side by side and breaks no lines: what goes on is set in. */
function commentLines(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= commentWidth)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(line === undefined ? `# ${word}` : `#   ${word}`);
  }
  return lines.join('\n');
}

const commentWidth = 80;

/** `#one` and `# one` are the same comment: the library puts the sign and no blank. */
function withoutSign(line: string): string {
  return ` ${line.replace(/^#\s*/, '')}`;
}

function comment(document: Document, path: Path, lines: readonly string[]): void {
  const parent = document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  const pair = isMap(parent)
    ? parent.items.find(({ key }) => isScalar(key) && key.value === last)
    : undefined;
  const node = isPair(pair) ? pair.key : document.getIn(path, true);
  if (isNode(node)) node.commentBefore = lines.map(printable).join('\n');
}

/** On one line, whatever the names and comments of a manifest hold: a line break would end the comment. */
function printable(text: string): string {
  return text.replaceAll(/[^\P{Cc}\t]|[\u2028\u2029\uFEFF]|\p{Cs}/gu, ' ').trimEnd();
}
