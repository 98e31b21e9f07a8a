/**
 * Markdown that shows `text` as it is: nothing in it is a link, an icon or HTML. As `MarkdownString.appendText`, which
 * makes every blank one that no line breaks at, so that lines of a hover break within words.
 */
export function plainMarkdown(text: string): string {
  return (
    text
      .replaceAll(/[!-/:-@[-`{-~]/g, '\\$&')
      // Four of them at the start of a line would make code of it, and of several in a row one would be drawn.
      .replaceAll(/^[ \t]+|[ \t]+(?=[ \t])/gm, (blanks) => '&nbsp;'.repeat(blanks.length))
      .replaceAll(/\r\n?|\n/g, '\n\n')
  );
}
