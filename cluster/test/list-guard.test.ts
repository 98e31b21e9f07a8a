import { expect, test } from 'vitest';
import { toFailure } from '#cluster/errors.ts';
import { kinds } from '#cluster/kinds.ts';
import { makeListGuard, type Page } from '#cluster/list-guard.ts';

/** Goes from page to page as long as it may, 2,000 at most. */
function check(page: (number: number) => Partial<Page>, pages: number, message: RegExp) {
  const guard = makeListGuard(kinds.pod, 2 ** 20);
  let read = 0;
  const readOn = (): void => {
    while (read < 2000) {
      read++;
      guard({ size: 10, objects: 1, next: `${read}`, ...page(read) });
    }
  };
  expect(readOn).toThrow(message);
  expect(read).toBe(pages);
}

test('pages that lead to one another', () =>
  check((number) => ({ next: `${number % 2}` }), 3, /^Cannot list pods: the API server leads from one page/));
test('pages with nothing on them', () =>
  check(
    () => ({ objects: 0 }),
    1001,
    /from page to page with nothing on the last 1000 of them\. Check that/,
  ));
test('pages of which some have nothing on them', () =>
  check(
    (number) => ({ objects: number < 1500 ? number % 2 : 500_000 }),
    1500,
    /more than 500000 objects, and is not read any further\. Check that/,
  ));
test('large pages', () =>
  check(() => ({ size: 2 ** 18 }), 5, /larger than 1 MiB, and is not read any further\. Check that/));

test('a last page is never too much', () => {
  const guard = makeListGuard(kinds.pod, 2 ** 20);
  const last = { size: 2 ** 22, objects: 1_000_000, next: '' };
  expect(() => guard(last)).not.toThrow();
});

test('what is wrong is told as a fault of the server', () => {
  const guard = makeListGuard(kinds.pod, 0);
  try {
    guard({ size: 1, objects: 1, next: 'x' });
  } catch (error) {
    expect(toFailure(error)).toMatchObject({ reason: 'server-error' });
  }
  expect.assertions(1);
});
