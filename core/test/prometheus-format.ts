/**
 * What a Prometheus server would not take of a text of version 0.0.4, or its linter would remark on: a line that is
 * none, a family that stands in two places or without HELP and TYPE, a series that is there twice, a counter by
 * another name, buckets that do not add up.
 */
export function metricsFaults(text: string): readonly string[] {
  const faults: string[] = [];
  const families = new Map<string, Family>();
  let [told, current] = ['', ''];
  if (!text.endsWith('\n')) faults.push('no line end at the end');
  for (const line of text.split('\n').slice(0, -1)) {
    const [, help] = /^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) \S/.exec(line) ?? [];
    const [, typed, type = ''] =
      /^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)$/.exec(line) ?? [];
    if (help !== undefined) {
      told = help;
    } else if (typed !== undefined) {
      if (told !== typed) faults.push(`${typed} has no HELP before its TYPE`);
      if (families.has(typed)) faults.push(`${typed} stands there twice`);
      if ((type === 'counter') !== typed.endsWith('_total')) faults.push(`${typed} is a ${type}`);
      families.set(typed, { type, samples: new Map() });
      current = typed;
    } else {
      faults.push(...takeSample(line, current, families.get(current)));
    }
  }
  for (const [name, { type, samples }] of families) {
    if (samples.size === 0) faults.push(`${name} has no samples`);
    if (type === 'histogram') faults.push(...histogramFaults(name, samples));
  }
  return faults;
}

interface Family {
  readonly type: string;
  /** By name and labels. */
  readonly samples: Map<string, number>;
}

const label = String.raw`[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\[\\"n])*"`;
const sample = new RegExp(
  String.raw`^(([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{${label}(?:,${label})*\})?) (-?[0-9.]+(?:e[+-]?[0-9]+)?|NaN|[+-]Inf)$`,
);

function takeSample(line: string, current: string, family: Family | undefined): readonly string[] {
  const [, series = '', name = '', value = ''] = sample.exec(line) ?? [];
  const suffixes = family?.type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
  if (family === undefined || !suffixes.some((suffix) => name === `${current}${suffix}`)) {
    return [`not a sample of ${current}: ${line}`];
  }
  if (family.samples.has(series)) return [`${series} stands there twice`];
  family.samples.set(series, Number(value));
  return [];
}

function histogramFaults(name: string, samples: ReadonlyMap<string, number>): readonly string[] {
  const buckets = [...samples].filter(([series]) => series.startsWith(`${name}_bucket`));
  const isGrowing = buckets.every(([, count], index) => count >= (buckets[index - 1]?.[1] ?? 0));
  const all = samples.get(`${name}_bucket{le="+Inf"}`);
  const isWhole = all !== undefined && all === samples.get(`${name}_count`) && samples.has(`${name}_sum`);
  return isGrowing && isWhole ? [] : [`the buckets of ${name} do not add up`];
}
