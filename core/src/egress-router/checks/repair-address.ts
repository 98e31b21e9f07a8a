import { ip4ToNumber, isIp4, parseIp } from '#core/net/ip.ts';
import type { Fix, Path } from '#core/problem.ts';

export interface Repaired {
  readonly text: string;
  /** False where programs read the written text as different addresses. */
  readonly isCertain: boolean;
}

/**
 * What an address was meant to be that has blanks or brackets around it, or octets with leading zeros, or a
 * netmask for its prefix length. `parse` tells whether it is one now.
 */
export function repairAddress(
  text: string,
  parse: (text: string) => string | undefined,
): Repaired | undefined {
  if (text.length > longestAddress) return undefined;
  // A blank between digits may part the address from a port.
  const bare = withPrefixLength(
    text
      .trim()
      .replaceAll(/\s*([.:/[\]])\s*/g, '$1')
      .replace(/^\[([^\]]*)\](\/[0-9]+)?$/, '$1$2'),
  );
  if (parse(bare) !== undefined) return { text: bare, isCertain: true };
  // RFC 6943 §3.1.1: to some readers 010 is 8. The decimal reading is what people mean.
  const decimal = bare.includes(':') ? bare : bare.replaceAll(/(^|[./])0+(?=[0-9])/g, '$1');
  return parse(decimal) === undefined ? undefined : { text: decimal, isCertain: false };
}

const longestAddress = 100;

/** `/255.255.255.0` as `/24`. Text with another mask, such as one of holes, stays as it is. */
function withPrefixLength(text: string): string {
  const [, ip, mask = ''] = /^([0-9.]+)\/([0-9.]+)$/.exec(text) ?? [];
  const ip4 = parseIp(mask);
  if (ip === undefined || ip4 === undefined || !isIp4(ip4)) return text;
  const length = /^(1+)0*$/.exec(ip4ToNumber(ip4).toString(2).padStart(32, '0'))?.[1]?.length;
  return length === undefined ? text : `${ip}/${length}`;
}

/** Where `repaired` is not certain. */
export function leadingZeroMessage(written: string, repaired: string): string {
  return `${JSON.stringify(written)} has a number with a leading zero, which some programs read as octal: write ${repaired}.`;
}

export function repairFix({ text, isCertain }: Repaired, path: Path): Fix {
  return {
    title: `Use ${text}`,
    edits: [{ kind: 'replace', path, value: text }],
    ...(isCertain ? { isSafe: true } : {}),
  };
}
