import { readFileSync } from 'node:fs';
import type { RuleText } from './report-sarif.ts';

/** The documentation page of a code; it ships beside the program, and a copy of the program alone has none. */
export function readRuleText(code: string): RuleText | undefined {
  for (const folder of foldersAbove) {
    try {
      const markdown = readFileSync(
        new URL(`${folder}/docs/diagnostics/${code}.md`, import.meta.url),
        'utf8',
      );
      return { title: /^# (.+)$/m.exec(markdown)?.[1] ?? code, markdown };
    } catch {
      // Not in this folder; without its pages a report is still a report.
    }
  }
  return undefined;
}

/** Of the bundle, of a part of the bundle, and of the sources. */
const foldersAbove = ['..', '../..', '../../..'] as const;
