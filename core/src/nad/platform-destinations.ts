import { bitsOf, familyOf, isIp4, parseIp } from '#core/net/ip.ts';
import type { Fix, Path } from '#core/problem.ts';
import type { PlatformFinding } from './platform-finding.ts';

/**
 * What the plugin of the platform makes of entries that this project's reads: it takes them in order, splits them
 * at each space, and knows no prefix.
 *
 * @param tellsIpv6 whether nothing else is said of a destination for being IPv6
 */
export function checkPlatformDestinations(
  destinations: readonly string[],
  tellsIpv6: boolean,
): PlatformFinding[] {
  const shadow = destinations.findIndex((text) => wordsOf(text).length === 1);
  return destinations.flatMap((text, index): PlatformFinding[] => {
    const path: Path = ['destinations', index];
    const words = wordsOf(text);
    const target = words[words.length === 1 ? 0 : 2] ?? '';
    const ip = parseIp(target.split('/', 1)[0] ?? '');
    if (ip === undefined) return [];
    if (!isIp4(ip)) {
      if (!tellsIpv6) return [];
      const message = `The plugin of the platform redirects to IPv4 only: with the destination ${ip} it fails, and no router comes of this.`;
      const fixes = [remove(text, path)];
      return [{ code: 'netconf-ipv6-unsupported', path, message, fixes }];
    }
    const spelling = checkSpelling(text, words, target, path);
    if (spelling !== undefined) return [spelling];
    if (shadow < 0 || index <= shadow || words.length === 1) return [];
    return [
      {
        code: 'netconf-rule-shadowed',
        path,
        message: `The plugin of the platform takes destinations in their order: "${destinations[shadow] ?? ''}" before this one gets all connections. Put it at the end.`,
        fixes: [moveToEnd(destinations, shadow)],
      },
    ];
  });
}

function checkSpelling(
  text: string,
  words: readonly string[],
  target: string,
  path: Path,
): PlatformFinding | undefined {
  const [address = ''] = target.split('/', 1);
  const ip = parseIp(address);
  const isHost = ip !== undefined && target === `${address}/${bitsOf(familyOf(ip))}`;
  const mended = words.map((word) => (word === target && isHost ? address : word)).join(' ');
  const fixes: readonly Fix[] = [
    { title: `Use "${mended}"`, edits: [{ kind: 'replace', path, value: mended }], isSafe: true },
  ];
  if (isHost) {
    const message = `The plugin of the platform cannot read the prefix of ${target} and redirects to "<nil>": write ${address}.`;
    return { code: 'netconf-spelling-unread', path, message, fixes };
  }
  if (text === words.join(' ')) return undefined;
  const message = `The plugin of the platform splits a destination at each space, and refuses "${text}": put one space between its parts, and none around them.`;
  return { code: 'netconf-spelling-unread', path, message, fixes };
}

function moveToEnd(destinations: readonly string[], from: number): Fix {
  const text = destinations[from] ?? '';
  const others = destinations.filter((_one, index) => index !== from);
  return {
    title: `Put "${text}" at the end`,
    edits: [...others, text].flatMap((value, index) =>
      value === destinations[index] ? [] : [{ kind: 'replace', path: ['destinations', index], value }],
    ),
  };
}

function remove(text: string, path: Path): Fix {
  return { title: `Remove "${text}"`, edits: [{ kind: 'remove', path }] };
}

function wordsOf(text: string): readonly string[] {
  return text.split(/[ \t]+/).filter((word) => word !== '');
}
