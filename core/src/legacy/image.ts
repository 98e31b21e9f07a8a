export type LegacyImage = 'router' | 'http-proxy' | 'dns-proxy';

/**
 * Which of the platform's images a reference names, wherever it has been mirrored to: `ose-egress-router`,
 * `origin-egress-http-proxy`, `openshift/egress-dns-proxy`. The CNI plugin's image, `…-egress-router-cni`, is none.
 * A plain `egress-router` tells nothing unless it comes from a folder of OpenShift: other vendors use that name.
 */
export function legacyImageOf(reference: unknown): LegacyImage | undefined {
  if (typeof reference !== 'string') return undefined;
  const parts = reference.split('@', 1)[0]?.split('/') ?? [];
  const [, brand, word] = namePattern.exec(parts.at(-1) ?? '') ?? [];
  const kind = kinds.find((known) => known.word === word)?.kind;
  const isFromPlatform = brand !== undefined || parts.slice(0, -1).some((part) => folderPattern.test(part));
  return isFromPlatform ? kind : undefined;
}

const namePattern =
  /^(ose-|origin-)?(egress-router|egress-http-proxy|egress-dns-proxy)(?:-rhel\d+)?(?::.*)?$/;
const folderPattern = /^(openshift\d*|ose|origin)$/;
const kinds = [
  { word: 'egress-router', kind: 'router' },
  { word: 'egress-http-proxy', kind: 'http-proxy' },
  { word: 'egress-dns-proxy', kind: 'dns-proxy' },
] as const satisfies readonly { word: string; kind: LegacyImage }[];
