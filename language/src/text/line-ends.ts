/**
 * A text with `\n` for each `\r` that stands alone: both end a line of YAML (YAML 1.2 §5.4), and the library that reads
 * it knows the first one only. Nothing moves by it.
 */
export function withLineFeeds(text: string): string {
  return hasBareReturns(text) ? text.replaceAll(bareReturn, '\n') : text;
}

export function hasBareReturns(text: string): boolean {
  return text.includes('\r') && text.search(bareReturn) >= 0;
}

/** As systems of long ago ended lines. */
const bareReturn = /\r(?!\n)/g;
