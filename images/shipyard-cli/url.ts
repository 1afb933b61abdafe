import { Fatal } from './exit.ts';

/** Passes a URL that can be requested. Throws Fatal in the words of Go: `parse "…": …`, or `<prefix>: …`. */
export const checkUrl = (url: string, prefix: string): void => {
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(url)?.[1]?.toLowerCase();
  const [firstSegment = ''] = url.split('/', 1);
  if (scheme === undefined && firstSegment.includes(':')) {
    throw new Fatal(`parse ${JSON.stringify(url)}: first path segment in URL cannot contain colon`);
  }
  if (scheme !== 'http' && scheme !== 'https') {
    throw new Fatal(`${prefix}: unsupported protocol scheme "${scheme ?? ''}"`);
  }
  if (!/^https?:\/\/[^/?#]/i.test(url)) {
    throw new Fatal(`${prefix}: http: no Host in request URL`);
  }
  if (!URL.canParse(url)) {
    throw new Fatal(`parse ${JSON.stringify(url)}: invalid URL`);
  }
};
