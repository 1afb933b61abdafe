import type { Http, HttpRequest, HttpResponse } from '../../src/ports/http.ts';

type Row = { readonly id: string; readonly engine: { readonly id: string; readonly addr: string } };

/** A Shipyard 2 behind the HTTP port, as far as the action asks it; it notes each request that writes. */
export class FakeController implements Http {
  readonly writes: string[] = [];
  rows: readonly Row[];
  password: string;
  isRunning: boolean;
  #added = 0;

  constructor({ password = 'shipyard', isRunning = true, rows = [] as readonly Row[] } = {}) {
    this.password = password;
    this.isRunning = isRunning;
    this.rows = rows;
  }

  send({ method, url, body = '' }: HttpRequest): Promise<HttpResponse> {
    if (!this.isRunning) return Promise.reject(new Error('connect ECONNREFUSED 127.0.0.1:8080'));
    const { pathname } = new URL(url);
    return Promise.resolve(this.#answer(`${method} ${pathname}`, body));
  }

  #answer(asked: string, body: string): HttpResponse {
    const json = (value: unknown): HttpResponse => ({ status: 200, body: JSON.stringify(value) });
    switch (asked) {
      case 'GET /':
        return { status: 200, body: '<html>' };
      case 'POST /auth/login':
        return (JSON.parse(body) as { password: string }).password === this.password
          ? json({ auth_token: 'a token' })
          : { status: 403, body: 'invalid username/password\n' };
      case 'GET /api/engines':
        return json(this.rows);
      case 'GET /api/cluster/info':
        return json({ version: '2.0.10' });
    }
    this.writes.push(asked);
    if (asked === 'POST /account/changepassword') {
      this.password = (JSON.parse(body) as { password: string }).password;
      return { status: 200, body: '' };
    }
    if (asked === 'POST /api/engines') {
      this.#added += 1;
      const seen = { id: `new-${this.#added}`, health: { status: 'up' }, docker_version: '20.10.24' };
      this.rows = [...this.rows, { ...(JSON.parse(body) as Row), ...seen }];
      return { status: 201, body: '' };
    }
    const id = asked.replace('DELETE /api/engines/', '');
    this.rows = this.rows.filter((row) => row.id !== id);
    return { status: 204, body: '' };
  }
}
