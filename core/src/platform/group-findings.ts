import { type Finding, worstFirst } from './finding.ts';

interface RouterName {
  readonly namespace: string;
  readonly name: string;
}

/** What is said of some routers alike. */
export interface FindingGroup {
  readonly routers: readonly RouterName[];
  /** The worst first. */
  readonly findings: readonly Finding[];
}

/**
 * The findings of routers, each that several have said once: what a sentence holds of each router alone is listed
 * in it, and what there is to copy is joined. Those of most routers come first, then each router's own.
 */
export function groupFindings(
  reports: readonly { readonly router: RouterName; readonly findings: readonly Finding[] }[],
): readonly FindingGroup[] {
  const alike = new Map<string, Said[]>();
  for (const { router, findings } of reports) {
    const times = new Map<string, number>();
    for (const finding of findings) {
      const sentence = JSON.stringify([finding.code, finding.verdict, ...partsOf(finding)]);
      const time = (times.get(sentence) ?? 0) + 1;
      times.set(sentence, time);
      const key = `${time} ${sentence}`;
      const known = alike.get(key);
      if (known === undefined) alike.set(key, [{ router, finding }]);
      else known.push({ router, finding });
    }
  }
  const groups = new Map<string, { routers: readonly RouterName[]; findings: Finding[] }>();
  for (const said of alike.values()) {
    const routers = said.map(({ router }) => router);
    const key = routers.map(nameOf).join(' ');
    const group = groups.get(key) ?? { routers, findings: [] };
    group.findings.push(merged(said));
    groups.set(key, group);
  }
  const order = new Map(reports.map(({ router }, index) => [nameOf(router), index]));
  const placeOf = ({ routers: [first] }: FindingGroup): number =>
    first === undefined ? 0 : (order.get(nameOf(first)) ?? 0);
  return [...groups.values()]
    .map(({ routers, findings }) => ({ routers, findings: worstFirst(findings) }))
    .toSorted((a, b) => b.routers.length - a.routers.length || placeOf(a) - placeOf(b));
}

interface Said {
  readonly router: RouterName;
  readonly finding: Finding;
}

/** The sentence without what is the router's own; that stands in it once. */
function partsOf({ message, own }: Finding): readonly string[] {
  return own === undefined ? [message] : message.split(own);
}

function merged(said: readonly Said[]): Finding {
  const [first, ...others] = said.map(({ finding }) => finding);
  if (first === undefined) throw new Error('A finding is of at least one router.');
  if (others.length === 0) return first;
  const { code, verdict, remedy } = first;
  const texts = new Set([first, ...others].flatMap((finding) => finding.remedy?.text ?? []));
  const joined = [...texts].map((text) => `${text.trimEnd()}\n`).join('');
  return {
    code,
    verdict,
    message: partsOf(first).join(listOf(said)),
    ...(remedy === undefined ? {} : { remedy: { title: remedy.title, text: joined } }),
  };
}

const mostListed = 12;

function listOf(said: readonly Said[]): string {
  const all = said.map(({ router, finding: { own = '' } }) => `${own} (${nameOf(router)})`);
  const shown = all.slice(0, mostListed).join(', ');
  return all.length > mostListed ? `${shown} and ${all.length - mostListed} more` : shown;
}

function nameOf({ namespace, name }: RouterName): string {
  return `${namespace}/${name}`;
}
