import { expect, test } from 'vitest';
import { proxyFor } from '#cluster/proxy.ts';

const proxy = 'http://proxy:3128';

test.each([
  ['https://api.example.com:6443', { HTTPS_PROXY: proxy }, proxy],
  ['https://api.example.com:6443', { https_proxy: 'proxy:3128' }, proxy],
  ['http://api.example.com', { HTTPS_PROXY: proxy }, undefined],
  ['https://127.0.0.1:6443', { HTTPS_PROXY: proxy }, undefined],
  ['https://[::1]:6443', { HTTPS_PROXY: proxy }, undefined],
  ['https://api.example.com:6443', { HTTPS_PROXY: proxy, NO_PROXY: 'example.com' }, undefined],
  ['https://api.example.com:6443', { HTTPS_PROXY: proxy, NO_PROXY: '.example.com' }, undefined],
  ['https://example.com:6443', { HTTPS_PROXY: proxy, NO_PROXY: '.example.com' }, proxy],
  ['https://example.com:6443', { HTTPS_PROXY: proxy, NO_PROXY: '*.example.com' }, proxy],
  ['https://api.example.com:6443', { HTTPS_PROXY: proxy, NO_PROXY: '*.example.com' }, undefined],
  ['https://10.1.2.3:6443', { HTTPS_PROXY: proxy, NO_PROXY: '10.0.0.0/8' }, undefined],
  ['https://11.1.2.3:6443', { HTTPS_PROXY: proxy, NO_PROXY: '10.0.0.0/8' }, proxy],
  ['https://10.1.2.3:6443', { HTTPS_PROXY: proxy, no_proxy: 'x,10.1.2.3' }, undefined],
  ['https://10.1.2.3:6443', { HTTPS_PROXY: proxy, no_proxy: '10.1.2.3:443' }, proxy],
  ['https://api.example.com:6443', { HTTPS_PROXY: proxy, NO_PROXY: '10.0.0.0/8' }, proxy],
  ['https://[fd00::7]:6443', { HTTPS_PROXY: proxy, NO_PROXY: 'fd00::/8' }, undefined],
  ['https://[fd00::7]:6443', { HTTPS_PROXY: proxy, NO_PROXY: 'fd00:0::7' }, undefined],
  ['https://[fd00::7]:6443', { HTTPS_PROXY: proxy, NO_PROXY: '[fd00::7]:6443' }, undefined],
  ['https://[fd00::7]:6443', { HTTPS_PROXY: proxy, NO_PROXY: '[fd00::7]:443' }, proxy],
  ['https://127.example.com:6443', { HTTPS_PROXY: proxy }, proxy],
  ['https://api.example.com:6443', { HTTPS_PROXY: '', https_proxy: proxy }, proxy],
  ['https://api.example.com:6443', { HTTPS_PROXY: proxy, NO_PROXY: 'x, *' }, undefined],
  ['https://api.example.com:6443', { HTTPS_PROXY: proxy, NO_PROXY: 'example.com:443' }, proxy],
  ['https://badexample.com:6443', { HTTPS_PROXY: proxy, NO_PROXY: 'example.com' }, proxy],
  ['https://api.example.com:6443', {}, undefined],
] as const)('%s %j', (server, env, expected) => {
  expect(proxyFor(server, env)).toBe(expected);
});
