import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import { tokensOf, withTokens } from '#cluster/oidc-text.ts';

const tokens = { idToken: 'new.id', refreshToken: 'new-refresh' };

function kubeconfig(idToken: string, refreshToken: string): string {
  return `# mine
current-context: prod # not a token
contexts:
- {name: prod, context: {cluster: prod, user: prod-user}}
users:
- name: other
  user: {token: prod-1, auth-provider: {name: oidc, config: {id-token: prod, refresh-token: prod}}}
- name: prod-user
  user:
    auth-provider:
      name: oidc
      config:
        client-id: prod
        id-token: ${idToken}
        refresh-token: ${refreshToken}
        idp-issuer-url: https://prod
`;
}

/** All but the two values stays as it is written. */
function check(before: readonly [string, string], after: readonly [string, string], now = tokens): void {
  const text = withTokens(kubeconfig(...before), 'prod-user', now);
  expect(text).toBe(kubeconfig(...after));
  expect(tokensOf(load(text), 'prod-user')).toEqual(now);
}

test('a token that other values are, or hold', () =>
  check(['prod', 'prod'], [tokens.idToken, tokens.refreshToken]));
test('a token that its own key is', () =>
  check(['id-token', 'refresh-token'], [tokens.idToken, tokens.refreshToken]));
test('both in quotes', () => check([`"a.b"`, `'prod'`], [`"${tokens.idToken}"`, `'${tokens.refreshToken}'`]));
test('a refresh token that stays', () =>
  check(['a', 'same'], ['b', 'same'], { idToken: 'b', refreshToken: 'same' }));
test('a token that needs quotes', () =>
  check(['a', 'prod'], ['b', '": # \\"it\\""'], { idToken: 'b', refreshToken: ': # "it"' }));
test('a token that is a number to YAML', () =>
  check(['a', 'prod'], ['b', '"0123"'], { idToken: 'b', refreshToken: '0123' }));

test('a kubeconfig without an id-token is written anew, with all that it has', () => {
  const text = kubeconfig('a', 'prod').replace(/ +id-token: a\n/, '');
  const expected: unknown = load(kubeconfig(tokens.idToken, tokens.refreshToken));
  expect(load(withTokens(text, 'prod-user', tokens))).toEqual(expected);
});

test('a kubeconfig that is JSON stays as it is', () => {
  const json = (id: string, refresh: string) =>
    JSON.stringify({
      users: [
        { name: 'u', user: { 'auth-provider': { config: { 'id-token': id, 'refresh-token': refresh } } } },
      ],
    });
  expect(withTokens(json('a', 'a'), 'u', tokens)).toBe(json(tokens.idToken, tokens.refreshToken));
});

test('a user who is gone', () =>
  expect(() => withTokens(kubeconfig('a', 'b'), 'nobody', tokens)).toThrow(
    /no login of user "nobody" any more/,
  ));

test('a kubeconfig of several documents, of which writing it anew would leave the first', () => {
  const text = kubeconfig('a', 'prod').replace(/ +id-token: a\n/, '');
  expect(() => withTokens(`${text}---\nclusters: []\n`, 'prod-user', tokens)).toThrow(
    /cannot be written anew without changing more than the tokens/,
  );
});
