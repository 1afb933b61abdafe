import { GoError } from './error.ts';

/** Where a request goes: `host` as written in the URL (for the header), name and port to dial, path with query. */
export type Target = {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly hostname: string;
  readonly port: number;
  readonly path: string;
};

/**
 * Reads a URL as Go's `http.Client` does before it dials.
 * Throws GoError: `parse "…": …` for what is no URL, `Get "…": …` for what cannot be requested.
 */
export const parseTarget = (url: string): Target => {
  const scheme = schemeOf(url);
  if (scheme === undefined) {
    throw new GoError(`Get ${JSON.stringify(url)}: unsupported protocol scheme ""`);
  }
  const { authority, path } = splitAuthority(url.slice(scheme.length + 1));
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  checkHost(host, url);
  if (scheme !== 'http' && scheme !== 'https') {
    throw new GoError(`Get ${JSON.stringify(url)}: unsupported protocol scheme "${scheme}"`);
  }
  if (host === '') {
    throw new GoError(`Get ${JSON.stringify(url)}: http: no Host in request URL`);
  }
  const { hostname, port } = splitPort(host);
  return {
    scheme,
    host,
    hostname,
    port: port === '' ? defaultPorts[scheme] : Number(port),
    path: path.startsWith('/') ? path : `/${path}`,
  };
};

const defaultPorts = { http: 80, https: 443 };

const schemeOf = (url: string): string | undefined => {
  if (hasControlCharacter(url)) {
    throw notAUrl(url, 'net/url: invalid control character in URL');
  }
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(url)?.[1];
  if (scheme !== undefined) {
    return scheme.toLowerCase();
  }
  if (url.startsWith(':')) {
    throw notAUrl(url, 'missing protocol scheme');
  }
  const [firstSegment = ''] = url.split('/', 1);
  if (firstSegment.includes(':')) {
    throw notAUrl(url, 'first path segment in URL cannot contain colon');
  }
  return undefined;
};

const splitAuthority = (rest: string): { authority: string; path: string } => {
  const [withoutFragment = ''] = rest.split('#', 1);
  if (!withoutFragment.startsWith('//')) {
    return { authority: '', path: withoutFragment };
  }
  const end = withoutFragment.slice(2).search(/[/?]/);
  return end === -1
    ? { authority: withoutFragment.slice(2), path: '' }
    : { authority: withoutFragment.slice(2, end + 2), path: withoutFragment.slice(end + 2) };
};

const checkHost = (host: string, url: string): void => {
  const escape = /%(?![0-9a-fA-F]{2}).{0,2}/.exec(host)?.[0];
  if (escape !== undefined) {
    throw notAUrl(url, `invalid URL escape ${JSON.stringify(escape)}`);
  }
  const odd = /[ "<>\\^`{|}]/.exec(host)?.[0];
  if (odd !== undefined) {
    throw notAUrl(url, `invalid character ${JSON.stringify(odd)} in host name`);
  }
  const { port } = splitPort(host);
  if (!/^\d*$/.test(port)) {
    throw notAUrl(url, `invalid port ${JSON.stringify(`:${port}`)} after host`);
  }
};

const splitPort = (host: string): { hostname: string; port: string } => {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(host);
  if (bracketed !== null) {
    return { hostname: bracketed[1] ?? '', port: bracketed[2] ?? '' };
  }
  const colon = host.indexOf(':');
  return colon === -1
    ? { hostname: host, port: '' }
    : { hostname: host.slice(0, colon), port: host.slice(colon + 1) };
};

const hasControlCharacter = (text: string): boolean => /[\u0000-\u001f\u007f]/.test(text);

const notAUrl = (url: string, reason: string): GoError =>
  new GoError(`parse ${JSON.stringify(url)}: ${reason}`);
