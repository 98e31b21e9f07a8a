/**
 * A text of a row within bounds. What stands in it comes from clusters, may be a megabyte long, and is handed to the
 * editor with each repaint. What turns the direction of the text after it would rewrite the rest of the row.
 */
export function rowText(text: string, most = 500): string {
  const cut = text.length <= most ? text : `${text.slice(0, most)}…`;
  return cut.replaceAll(/[\u202a-\u202e\u2066-\u2069]/g, '\uFFFD');
}

/** UTF-16 code units of a tooltip: more does not fit on a screen. */
export const longestTooltip = 4000;
