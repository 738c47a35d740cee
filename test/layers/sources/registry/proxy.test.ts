import { proxyFor } from '../../../../lib/layers/sources/registry/proxy';

const PROXY = 'http://proxy.corp.example:3128';

function proxied(url: string, environment: Record<string, string>): string | undefined {
  return proxyFor(new URL(url), environment)?.href;
}

describe('proxyFor', () => {
  test('takes HTTPS_PROXY in either spelling, the lower-case one first', () => {
    expect(proxied('https://ghcr.io/', { HTTPS_PROXY: PROXY })).toBe(`${PROXY}/`);
    expect(proxied('https://ghcr.io/', { HTTPS_PROXY: PROXY, https_proxy: 'other:1' })).toBe('http://other:1/');
  });

  test('goes straight where no proxy is set', () => {
    expect(proxied('https://ghcr.io/', {})).toBeUndefined();
    expect(proxied('https://ghcr.io/', { HTTP_PROXY: PROXY, HTTPS_PROXY: '' })).toBeUndefined();
  });

  test('never proxies loopback', () => {
    expect(proxied('http://127.0.0.1:5000/', { HTTPS_PROXY: PROXY, ALL_PROXY: PROXY })).toBeUndefined();
    expect(proxied('http://localhost:5000/', { HTTPS_PROXY: PROXY })).toBeUndefined();
    expect(proxied('https://[::1]:5000/', { HTTPS_PROXY: PROXY })).toBeUndefined();
  });

  test.each([
    ['*', 'https://ghcr.io/'],
    ['ghcr.io', 'https://ghcr.io/'],
    ['GHCR.IO', 'https://ghcr.io/'],
    ['.corp.example', 'https://registry.corp.example/'],
    ['corp.example', 'https://registry.corp.example/'],
    ['*.corp.example', 'https://registry.corp.example/'],
    ['a.example, registry.corp.example:8443', 'https://registry.corp.example:8443/'],
    ['10.0.0.0/8', 'https://10.1.2.3/'],
    ['10.1.2.3', 'https://10.1.2.3/'],
    ['fd00::/8', 'https://[fd12::1]/'],
    ['fd12::1', 'https://[fd12::1]/'],
  ])('NO_PROXY %j exempts %s', (noProxy, url) => {
    expect(proxied(url, { HTTPS_PROXY: PROXY, NO_PROXY: noProxy })).toBeUndefined();
  });

  test.each([
    ['hcr.io', 'https://ghcr.io/'],
    ['ghcr.io:8443', 'https://ghcr.io/'],
    ['11.0.0.0/8', 'https://10.1.2.3/'],
    ['10.0.0.0/99', 'https://10.1.2.3/'],
    ['2.3', 'https://10.1.2.3/'],
    ['', 'https://ghcr.io/'],
  ])('NO_PROXY %j does not exempt %s', (noProxy, url) => {
    expect(proxied(url, { HTTPS_PROXY: PROXY, NO_PROXY: noProxy })).toBe(`${PROXY}/`);
  });
});
