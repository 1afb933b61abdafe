import type { Answer } from './answer.ts';
import { strikes, type Faults } from './faults.ts';

/** A second more than a client of today gives a list. */
const SLOW_MS = 31_000;

type Asked = { readonly method: string; readonly path: string | undefined; readonly answer: Answer };

/** How many milliseconds an answer is held back, after its work was done. */
export const delayOf = (faults: Faults, asked: Asked): number => {
  const isList = asked.method === 'GET' && asked.path === '/api/engines';
  const isSlow = isInsert(asked)
    ? strikes(faults, 'slow-adds')
    : isList && faults['slow-adds'] === 0 && strikes(faults, 'slow-lists');
  return isSlow ? SLOW_MS : faults['delay-ms'];
};

/** Whether an engine was added. */
export const isInsert = ({ method, path, answer }: Asked): boolean =>
  method === 'POST' && path === '/api/engines' && answer.kind === 'answer' && answer.status === 201;
