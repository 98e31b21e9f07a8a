import type { Severity } from '#core/problem.ts';
import { inOneLine } from '../printable.ts';
import type { Finding, LintResult, ObjectCounts, Place } from './finding.ts';

/** One line for each finding and one, indented, for each place that has a part in it. */
export function textReport({ findings }: LintResult): string {
  return findings.map(formatFinding).join('');
}

/** `router.yaml:7:9: error gateway-outside-subnet: …` */
export function formatFinding(finding: Finding): string {
  const { code, severity, message, related } = finding;
  const lines = [
    `${placeText(finding)}: ${severity} ${code}: ${message}`,
    ...related.map((place) => `    ${placeText(place)}: ${place.message}`),
  ];
  return lines.map((line) => `${inOneLine(line)}\n`).join('');
}

/** A path, or a line that begins with one: there the runner of GitHub Actions takes `::` for a command of its own. */
export function shownPath(path: string): string {
  return inOneLine(/^\s*::/.test(path) ? `./${path}` : path);
}

/** `2 egress routers, 1 NetworkAttachmentDefinition: 1 error, 2 warnings, 1 remark; --fix mends 2.` */
export function summary({ counts, findings }: LintResult): string {
  const numberOf = (wanted: Severity): number =>
    findings.filter(({ severity }) => severity === wanted).length;
  const remarks = numberOf('information');
  const told = [
    count(numberOf('error'), 'error'),
    count(numberOf('warning'), 'warning'),
    // What is only to be known keeps nothing from a deploy.
    ...(remarks === 0 ? [] : [count(remarks, 'remark')]),
  ];
  const fixable = findings.filter(({ isFixable }) => isFixable).length;
  const mended = fixable === 0 ? '' : `; --fix mends ${fixable}`;
  return `${objectsText(counts)}: ${told.join(', ')}${mended}.`;
}

function objectsText({ routers, nads, legacyRouters }: ObjectCounts): string {
  const others = [
    ...(nads === 0 ? [] : [count(nads, 'NetworkAttachmentDefinition')]),
    ...(legacyRouters === 0 ? [] : [`${count(legacyRouters, 'router')} of OpenShift SDN`]),
  ];
  return [...(routers === 0 && others.length > 0 ? [] : [count(routers, 'egress router')]), ...others].join(
    ', ',
  );
}

function placeText({ path, start }: Place): string {
  return `${shownPath(path)}:${start.line}:${start.column}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
