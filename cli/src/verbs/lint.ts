import { routersOf } from '#language/features/routers.ts';
import { formatData } from '../format.ts';
import { countErrors, formatFinding, lintText } from '../lint-text.ts';
import { readFiles } from '../read-files.ts';
import { readArgs, readFormat, type Verb } from '../verb.ts';

export const lint: Verb = {
  name: 'lint',
  summary: 'check EgressRouter manifests without a cluster',
  usesCluster: false,
  usage: `Usage: egress-router lint [PATH...|-] [-o text|json]

Checks every EgressRouter document in the files and folders given (default: the current folder), or on
standard input with "-". Other documents are passed over. Exits 1 when there are errors.

  -o, --output FORMAT    text (default) or json
  -h, --help`,
  run: async (args, io) => {
    const options = {
      output: { type: 'string', short: 'o' },
      help: { type: 'boolean', short: 'h' },
    } as const;
    const { values, positionals } = readArgs(args, options);
    const format = readFormat(values.output, ['text', 'json']);
    const files = await readFiles(positionals.length === 0 ? ['.'] : positionals, io);
    const linted = files.map(lintText);
    const findings = linted.flatMap((file) => file.findings);
    const routers = linted.flatMap(({ yaml }) => routersOf(yaml)).length;
    const errors = countErrors(findings);
    if (format === 'json') {
      io.stdout(formatData({ files: files.length, routers, errors, findings }, 'json'));
    } else {
      for (const finding of findings) io.stdout(formatFinding(finding));
      const others = findings.length - errors;
      io.stderr(
        `${count(routers, 'egress router')}: ${count(errors, 'error')}, ${count(others, 'other remark')}.\n`,
      );
    }
    return errors > 0 ? 1 : 0;
  },
};

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
