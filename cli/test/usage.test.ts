import { expect, test } from 'vitest';
import { deploy } from '#cli/verbs/deploy.ts';
import { expose } from '#cli/verbs/expose.ts';
import { install } from '#cli/verbs/install.ts';
import { lint } from '#cli/verbs/lint.ts';
import { migrate } from '#cli/verbs/migrate.ts';
import { preflight } from '#cli/verbs/preflight.ts';
import { render } from '#cli/verbs/render.ts';
import { restart } from '#cli/verbs/restart.ts';
import { status } from '#cli/verbs/status.ts';
import { teardown } from '#cli/verbs/teardown.ts';
import { uninstall } from '#cli/verbs/uninstall.ts';

const verbs = {
  deploy,
  expose,
  install,
  lint,
  migrate,
  preflight,
  render,
  restart,
  status,
  teardown,
  uninstall,
};

test.each(Object.entries(verbs))('what %s says of its options stands in one column', (_, { usage }) => {
  const [, options = ''] = usage.split(/\n\n(?= *-)/);
  // After two blanks or more, beside an option or below it.
  const columns = options.split('\n').flatMap((line) => {
    const text = /^(?: {2}-.*?\S| {6}--.*?\S)? {2,}(?=[^ -])/.exec(line);
    return text === null ? [] : [text[0].length];
  });
  expect([...new Set(columns)]).toHaveLength(1);
});

test.each(Object.entries(verbs))('what %s says of itself fits on a terminal', (_, { usage }) => {
  expect(usage.split('\n').filter((line) => line.length > 120)).toEqual([]);
});

test('the namespace of an installation is the one of the agent', () => {
  expect(install.usage).toContain("-n, --namespace NAME   default: the agent's own, egress-router-tools\n");
  expect(install.usage).not.toContain("context's namespace");
  expect(deploy.usage).toContain("-n, --namespace NAME   default: the context's namespace\n");
});
