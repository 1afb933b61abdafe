import type { RecordedRequest } from './shipyard-recording.ts';

/** What of a request of the CLI must be as recorded: the line, the headers that mean something, the body. */
export const requestText = ({ method, path, headers, body }: RecordedRequest): string => {
  const values = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return [
    `${method} ${path}`,
    ...['user-agent', 'x-access-token', 'x-service-key', 'referer'].map(
      (name) => `${name}: ${values.get(name) ?? 'none'}`,
    ),
    `content-length: ${values.has('content-length') ? 'some' : 'none'}`,
    body ?? '',
  ].join('\n');
};
