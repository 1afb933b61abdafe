import type { Authority } from '../authority/authority.ts';
import type { SetUpRequest } from '../inputs/request.ts';
import type { Workflow } from '../ports/workflow.ts';

/** Writes the public part of the CA to the outputs: all that its nodes may trust now, and the newest of it. */
export function publishCertificates({ generations }: Authority, workflow: Workflow): void {
  workflow.output('ca-certificate', generations.map(({ certificate }) => certificate.pem).join(''));
  workflow.output('ca-fingerprint', generations[0].certificate.fingerprint256);
}

/** Whether nobody keeps the authority yet but this run. */
export function isUnkept(
  { authority }: Pick<SetUpRequest, 'authority'>,
  given: Authority | undefined,
): boolean {
  return given === undefined || authority.kind === 'import';
}
