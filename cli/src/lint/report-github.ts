import { withoutLogCommands } from '../log-commands.ts';
import type { Finding, LintResult } from './finding.ts';

/**
 * Workflow commands of GitHub Actions, which shows them beside the lines of a pull request. Only this much of
 * a finding fits; the places that have a part in it go into the message.
 */
export function githubReport({ findings }: LintResult): string {
  return findings.map((finding) => `${command(finding)}\n`).join('');
}

function command({ path, code, severity, message, start, end, related }: Finding): string {
  const properties = {
    title: code,
    file: path,
    line: start.line,
    endLine: end.line,
    // GitHub takes columns only where the stretch is within one line.
    ...(start.line === end.line ? { col: start.column, endColumn: end.column } : {}),
  };
  const listed = Object.entries(properties).map(([name, value]) => `${name}=${property(String(value))}`);
  const others = related.map((place) => `${place.path}:${place.start.line}: ${place.message}`);
  return `::${levels[severity]} ${listed.join(',')}::${data([message, ...others].join('\n'))}`;
}

const levels = { error: 'error', warning: 'warning', information: 'notice' } as const;

/**
 * As the runner's toolkit escapes them; else a file name could end the command and begin another. A runner that does
 * not know `notice` yet looks for a command of the old form in the whole line, which has no escape in this one.
 */
function data(text: string): string {
  return withoutLogCommands(text, '\\x23')
    .replaceAll('%', '%25')
    .replaceAll('\r', '%0D')
    .replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
