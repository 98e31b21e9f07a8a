import { readFileSync } from 'node:fs';
import type { RuleText } from './report-sarif.ts';

/** The documentation page of a code; it ships beside the program, and a copy of the program alone has none. */
export function readRuleText(code: string): RuleText | undefined {
  try {
    const markdown = readFileSync(new URL(`../docs/diagnostics/${code}.md`, import.meta.url), 'utf8');
    return { title: /^# (.+)$/m.exec(markdown)?.[1] ?? code, markdown };
  } catch {
    return undefined; // without its pages a report is still a report
  }
}
