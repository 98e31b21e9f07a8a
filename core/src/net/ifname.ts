/** The name of a Linux network interface. */
export type IfName = string & { readonly __brand: 'IfName' };

/**
 * Linux takes 1 to 15 bytes without `/`, `:` or white space, and not `.` or `..` (dev_valid_name). We take
 * printable ASCII without quotes, backslash, `$`, `;`, `*` or `@` only, so that the name can stand in an
 * `nft` string and in an `ip` batch as it is; and without `%`, as the kernel puts a number for `%d`.
 */
export function parseIfName(text: unknown): IfName | undefined {
  return typeof text === 'string' && /^[A-Za-z0-9_.+=~^,-]{1,15}$/.test(text) && !/^(\.{1,2}|-.*)$/.test(text)
    ? (text as IfName)
    : undefined;
}
