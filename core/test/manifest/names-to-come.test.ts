import { expect, test } from 'vitest';
import { type NamesTaken, namesToCome } from '#core/manifest/names-to-come.ts';

function check(routers: readonly string[], taken: Partial<NamesTaken>, expected: readonly unknown[]) {
  const names = namesToCome(routers, { isDocumentedTaken: false, hasRouters: false, ...taken });
  expect(names.map((own) => own?.deployment)).toEqual(expected);
}

const documented = 'egress-router-cni-deployment';
const further = (name: string) => `egress-router-cni-${name}-deployment`;

test('names that are certain', () => {
  check(['a'], {}, [documented]);
  check(['a', 'b', 'c'], {}, [documented, further('b'), further('c')]);
  check(['b', 'a'], { isDocumentedTaken: true, hasRouters: true }, [further('b'), further('a')]);
});

test('names that depend on what the operator sees first', () => {
  check(['b', 'a'], {}, [undefined, undefined]);
  check(['a'], { hasRouters: true }, [undefined]);
});
