import type { Http, HttpRequest, HttpResponse } from '../../src/ports/http.ts';

/** Gives its answers in turn, the last one again and again; an Error is a request without an answer. */
export class FakeHttp implements Http {
  readonly requests: HttpRequest[] = [];
  readonly #answers: (HttpResponse | Error)[];

  constructor(...answers: readonly (HttpResponse | Error)[]) {
    this.#answers = [...answers];
  }

  send(request: HttpRequest): Promise<HttpResponse> {
    this.requests.push(request);
    const answer = this.#answers.length > 1 ? this.#answers.shift() : this.#answers[0];
    if (answer === undefined) throw new Error('the test has no answer for this request');
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  }
}
