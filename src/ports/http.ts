export type HttpRequest = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
};

export type HttpResponse = {
  readonly status: number;
  readonly body: string;
  /** By their names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
};

/**
 * Plain HTTP requests. Rejects with an Error whose message says why no answer came, a NoAnswerError where the time was
 * up; every status is a value.
 */
export type Http = {
  send(request: HttpRequest): Promise<HttpResponse>;
};
