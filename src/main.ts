import { addNode } from './commands/add-node.ts';
import { apply } from './commands/apply.ts';
import { check } from './commands/check.ts';
import { initCa } from './commands/init-ca.ts';
import { plan } from './commands/plan.ts';
import { remove } from './commands/remove.ts';
import { rotateCa } from './commands/rotate-ca.ts';
import { scanHostKeys } from './commands/scan-host-keys.ts';
import { status } from './commands/status.ts';
import { ActionError } from './errors.ts';
import { readInputs } from './inputs/read-inputs.ts';
import type { Ports } from './ports/ports.ts';
import { AnnotationLimit } from './report/annotation-limit.ts';
import { notedOutputs } from './report/noted-outputs.ts';
import { writeNoResult } from './report/outputs.ts';

/**
 * Does what the inputs ask for: makes the nodes serve Docker over mutual TLS and keeps them registered, gives them back,
 * or says how they are and what would be done. Resolves to whether all went well; rejects with ActionError when nothing
 * could be begun.
 */
export async function run(ports: Ports): Promise<boolean> {
  const isSet = new Set<string>();
  const workflow = new AnnotationLimit(notedOutputs(ports.workflow, isSet));
  try {
    return await carryOut({ ...ports, workflow });
  } catch (error) {
    // The steps that follow read the outputs all the same. A defect of ours may come in the middle of a change.
    writeNoResult(workflow, isSet, !(error instanceof ActionError));
    throw error;
  } finally {
    workflow.sumUp();
  }
}

async function carryOut(ports: Ports): Promise<boolean> {
  const request = readInputs(ports.inputs, ports.run.event);
  switch (request.command) {
    case 'apply':
      return apply(ports, request);
    case 'init-ca':
      return initCa(ports, request);
    case 'rotate-ca':
      return rotateCa(ports, request);
    case 'plan':
      return plan(ports, request);
    case 'status':
      return status(ports, request);
    case 'remove':
      return remove(ports, request);
    case 'check':
      return check(ports, request);
    case 'scan-host-keys':
      return scanHostKeys(ports, request);
    case 'add-node':
      return addNode(ports, request);
  }
}
