import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Log, Message, PhysicalLocation, ReportingDescriptor, Result } from 'sarif';
import { jsonText } from '../format.ts';
import { hasRawBytes, percentEncoded } from '../path-bytes.ts';
import type { Finding, LintResult, Place } from './finding.ts';

/** What SARIF tells of a rule; the text of its documentation page, where that can be had. */
export interface RuleText {
  readonly title: string;
  readonly markdown: string;
}

/** SARIF 2.1.0 (OASIS), as code scanning services take it: one run, the rules it found something for. */
export function sarifReport(
  { findings }: LintResult,
  tool: { readonly version: string; readonly ruleText: (code: string) => RuleText | undefined },
): string {
  const codes = [...new Set(findings.map(({ code }) => code))].toSorted();
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'egress-router',
            semanticVersion: tool.version,
            rules: codes.map((code) => toRule(code, tool.ruleText(code))),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => toResult(finding, codes.indexOf(finding.code))),
      },
    ],
  };
  return jsonText(log);
}

function toRule(code: string, text: RuleText | undefined): ReportingDescriptor {
  return {
    id: code,
    ...(text === undefined
      ? {}
      : {
          shortDescription: { text: text.title },
          help: { text: text.markdown, markdown: text.markdown },
        }),
  };
}

function toResult(finding: Finding, ruleIndex: number): Result {
  const { code, severity, message, related } = finding;
  return {
    ruleId: code,
    ruleIndex,
    level: levels[severity],
    message: toMessage(message),
    locations: [{ physicalLocation: toLocation(finding) }],
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((place, index) => ({
            id: index,
            physicalLocation: toLocation(place),
            message: toMessage(place.message),
          })),
        }),
  };
}

/** SARIF §3.11.5: braces stand for arguments unless they are doubled; §3.11.6: `[…](…)` is a link, of which we write none. */
function toMessage(text: string): Message {
  return { text: text.replaceAll(/[{}]/g, '$&$&').replaceAll('](', '] (') };
}

const levels = { error: 'error', warning: 'warning', information: 'note' } as const;

function toLocation({ path, start, end }: Place): PhysicalLocation {
  return {
    artifactLocation: { uri: toUri(path) },
    region: {
      startLine: start.line,
      startColumn: start.column,
      endLine: end.line,
      endColumn: end.column,
    },
  };
}

/** Relative as the person gave it, so that it is found in the repository; RFC 3986 characters only. */
function toUri(path: string): string {
  if (isAbsolute(path))
    return hasRawBytes(path) ? `file://${percentEncoded(path)}` : pathToFileURL(path).href;
  return percentEncoded(path.replace(/^(?:\.\/)+/, '').replaceAll('\\', '/'));
}
