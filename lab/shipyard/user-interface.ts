import { answer, notFound, type Answer } from './answer.ts';

/** The pages at `/`: one page without a function, reached without login and without the database. */
export const userInterface = (path: string): Answer => {
  if (path === '/') {
    return answer(200, { 'Content-Type': 'text/html; charset=utf-8' }, page);
  }
  return path === '/index.html' ? answer(301, { Location: './' }, '') : notFound();
};

const page = `<!doctype html>
<html>
  <head><title>Shipyard</title></head>
  <body><p>A stand-in for the controller of Shipyard 2. It has the API, but no user interface.</p></body>
</html>
`;
