/**
 * Whether a context is one where a deletion has to be confirmed by the router's name.
 *
 * @param patterns names in which `*` stands for any characters
 */
export function isProtectedContext(context: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => toExpression(pattern.trim()).test(context));
}

function toExpression(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}
