import type { Severity } from '#core/problem.ts';
import { formatData } from '../format.ts';
import { type Io, UsageError } from '../io.ts';
import { countErrors, type Finding, type LintResult, type Place } from '../lint/finding.ts';
import { fixFiles, writeFixed } from '../lint/fix-files.ts';
import { kustomizationsBeside } from '../lint/kustomizations-beside.ts';
import { type LintOptions, lintFiles } from '../lint/lint-files.ts';
import { readInThreads, SpareThread } from '../lint/read-in-threads.ts';
import { githubReport } from '../lint/report-github.ts';
import { junitReport } from '../lint/report-junit.ts';
import { sarifReport } from '../lint/report-sarif.ts';
import { shownPath, summary, textReport } from '../lint/report-text.ts';
import { readRuleText } from '../lint/rule-text.ts';
import { hasRawBytes, printableName } from '../path-bytes.ts';
import { inOneLine } from '../printable.ts';
import { programVersionText } from '../program.ts';
import { readFiles, stdinPath, type TextFile } from '../read-files.ts';
import { readArgs, readFormat, readReconciler, type Verb } from '../verb.ts';

export const lint: Verb = {
  usage: `Usage: egress-router lint [PATH...|-] [-o FORMAT] [--fix] [--fail-on SEVERITY] [--reconciler NAME]

Checks every document that concerns egress routers in the files and folders given (default: the current
folder), or on standard input with "-": each for itself, and all of them together. Other documents are passed
over. Exits 1 when something is found that --fail-on names, or a file of a folder cannot be read.

  -o, --output FORMAT     text (default), json, sarif (2.1.0), junit, or github (annotations of Actions)
      --fix               mend in the files what can be mended in one way only, then tell the rest;
                          with "-", the mended text goes to standard output and the report to standard error
      --fail-on SEVERITY  error (default), warning or information: this and worse; or never
      --reconciler NAME   cno (the Cluster Network Operator), agent (this project's operator), or auto
                          (default: not known, what either does is told)
  -h, --help`,
  run: async (args, io) => {
    const options = {
      output: { type: 'string', short: 'o' },
      fix: { type: 'boolean' },
      'fail-on': { type: 'string' },
      reconciler: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    } as const;
    const { values, positionals } = readArgs(args, options);
    const format = readFormat(values.output, ['text', 'json', 'sarif', 'junit', 'github']);
    const fails = readFailOn(values['fail-on']);
    const reconciler = readReconciler(values.reconciler);
    const thread = new SpareThread(io);
    try {
      const paths = positionals.length === 0 ? ['.'] : positionals;
      const { files, unread } = await readFiles(paths, io, (count) => thread.expect(count));
      for (const line of unread) io.stderr(`${inOneLine(line)}\n`);
      const mended = values.fix === true ? mend(files, { reconciler }, io) : files;
      const yaml = await readInThreads(mended, { reconciler }, { ...io, startThread: () => thread.take() });
      const result = lintFiles(mended, { reconciler }, kustomizationsBeside(positionals, files), yaml);
      const hasText = values.fix === true && positionals.includes('-');
      report(result, format, fails, hasText ? { ...io, stdout: io.stderr } : io);
      return unread.length > 0 || result.findings.some(fails) ? 1 : 0;
    } finally {
      thread.drop();
    }
  },
};

/** The files as they are after it. What came on standard input goes on to standard output. */
function mend(files: readonly TextFile[], options: LintOptions, io: Io): readonly TextFile[] {
  const fixed = fixFiles(files, options);
  return files.map((file, index) => {
    const mended = fixed[index] ?? { ...file, applied: [] };
    if (file.path === stdinPath) io.copy(mended.text);
    const isWritten = file.path !== stdinPath && mended.text !== file.text;
    const refused = isWritten ? writeFixed(mended, file) : mended.refused;
    const path = shownPath(file.path);
    if (refused !== undefined) {
      io.stderr(`${path}: not mended: ${refused}.\n`);
      return file;
    }
    for (const { code, title } of mended.applied) io.stderr(`${path}: mended ${code}: ${inOneLine(title)}\n`);
    return mended;
  });
}

type Format = 'text' | 'json' | 'sarif' | 'junit' | 'github';

function report(result: LintResult, format: Format, fails: (finding: Finding) => boolean, io: Io): void {
  switch (format) {
    case 'text':
      io.stdout(textReport(result));
      break;
    case 'json':
      io.stdout(formatData(toData(withPrintableNames(result)), 'json'));
      break;
    case 'sarif':
      io.stdout(sarifReport(result, { version: programVersionText(), ruleText: readRuleText }));
      break;
    case 'junit':
      io.stdout(junitReport(withPrintableNames(result), fails));
      break;
    case 'github':
      io.stdout(githubReport(withPrintableNames(result)));
      break;
  }
  io.stderr(`${summary(result)}\n`);
}

/** SARIF has URIs, in which any byte can stand; elsewhere a name is a text. */
function withPrintableNames(result: LintResult): LintResult {
  if (!result.files.some(hasRawBytes)) return result;
  const named = <P extends Place>(place: P): P => ({ ...place, path: printableName(place.path) });
  return {
    ...result,
    files: result.files.map(printableName),
    findings: result.findings.map((finding) => ({ ...named(finding), related: finding.related.map(named) })),
  };
}

function toData({ files, counts, findings }: LintResult): unknown {
  return { files: files.length, ...counts, errors: countErrors(findings), findings };
}

const severities = ['information', 'warning', 'error'] as const satisfies readonly Severity[];

function readFailOn(value = 'error'): (finding: Finding) => boolean {
  if (value === 'never') return () => false;
  const least = severities.findIndex((severity) => severity === value);
  if (least < 0) {
    throw new UsageError(`--fail-on must be error, warning, information or never, not "${value}".`);
  }
  return ({ severity }) => severities.indexOf(severity) >= least;
}
