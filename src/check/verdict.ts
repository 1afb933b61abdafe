import { wasIssuedBy, type Certificate } from '../authority/certificate.ts';
import type { CheckPolicy } from '../inputs/request.ts';
import { certificateNames } from '../inventory/certificate-names.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import type { ObservedShipyard } from '../observe/observe-shipyard.ts';
import { isEngineOf, type Engine } from '../shipyard/engine.ts';
import { certificateFindings, dateFindings } from './certificate-findings.ts';
import type { Finding } from './finding.ts';
import type { PortSight } from './port-sight.ts';

/** A node with what was seen of it and what is wrong with that. */
export type CheckedNode = {
  readonly spec: NodeSpec;
  readonly sight: PortSight;
  readonly findings: readonly Finding[];
  readonly client: CheckedClient;
};

/** The certificate with which Shipyard goes to a node, and what is wrong with it. */
export type CheckedClient =
  | { readonly kind: 'not-checked' }
  | {
      readonly kind: 'checked';
      readonly certificate: Certificate | undefined;
      readonly findings: readonly Finding[];
    };

/** All that is wrong with a node. Pure. */
export function checkNode(
  spec: NodeSpec,
  sight: PortSight,
  shipyard: ObservedShipyard,
  policy: CheckPolicy,
  now: Date,
): CheckedNode {
  const client: CheckedClient =
    shipyard.kind === 'reached' ? checkClient(spec, shipyard.engines, policy, now) : { kind: 'not-checked' };
  return { spec, sight, findings: sightFindings(spec, sight, policy, now), client };
}

/** What is wrong with the certificates of the authority that issued any of those that were seen. */
export function checkAuthority(
  nodes: readonly CheckedNode[],
  policy: CheckPolicy,
  now: Date,
): readonly Finding[] {
  const seen = nodes.flatMap(({ sight, client }) => [
    ...(sight.kind === 'served' ? [sight.certificate] : []),
    ...(client.kind === 'checked' && client.certificate ? [client.certificate] : []),
  ]);
  const inUse = (policy.trusted ?? []).filter((ca) => seen.some((one) => wasIssuedBy(one, ca)));
  return inUse.flatMap((ca) =>
    dateFindings(ca, `the authority's own certificate, key id ${ca.keyId},`, policy, now, replace(ca)),
  );
}

function replace({ keyId }: Certificate): string {
  return `no certificate outlives its authority, and renewing does not help: run command: rotate-ca before it ends; once it has, command: init-ca makes a new one with replace-ca: ${keyId}`;
}

function sightFindings(spec: NodeSpec, sight: PortSight, policy: CheckPolicy, now: Date): readonly Finding[] {
  const port = `${spec.address} port ${spec.enginePort}`;
  switch (sight.kind) {
    case 'unreachable':
      return [fatal('unreachable', sight.error.message, sight.error.hint)];
    case 'silent':
      return [
        fatal(
          'silent',
          `${port} takes connections and says nothing`,
          'look whether Docker hangs, or who else listens there',
        ),
      ];
    case 'not-tls':
      return [
        fatal(
          'not-tls',
          `${port} serves no certificate: ${sight.reason}`,
          'look who listens there; command apply makes Docker serve TLS',
        ),
      ];
    case 'served': {
      const { certificate, request } = sight;
      const role = { kind: 'server', names: certificateNames(spec) } as const;
      return [...doorFindings(port, request), ...certificateFindings(certificate, role, policy, now)];
    }
  }
}

function doorFindings(
  port: string,
  request: Extract<PortSight, { kind: 'served' }>['request'],
): readonly Finding[] {
  if (request === 'refused') return [];
  if (request === 'answered')
    return [
      fatal(
        'open',
        `${port} answers clients without a certificate: whoever reaches it is root on the node`,
        'close the port at once, then run the action with command apply',
      ),
    ];
  const message = `${port} did not refuse a client without a certificate: ${request.failed}`;
  return [{ kind: 'not-refused', isFatal: false, message, hint: 'look whether Docker answers on that port' }];
}

function checkClient(
  spec: NodeSpec,
  engines: readonly Engine[],
  policy: CheckPolicy,
  now: Date,
): CheckedClient {
  const engine = engines.find((one) => isEngineOf(one, spec));
  const { client: certificate, keyMatches } = engine ?? {};
  const findings = !engine
    ? [
        {
          kind: 'unregistered',
          isFatal: false,
          message: 'Shipyard lists no engine for it',
          hint: APPLY,
        } as const,
      ]
    : !certificate
      ? [fatal('missing', 'its engine in Shipyard has no client certificate that can be read', APPLY)]
      : [
          ...(keyMatches
            ? []
            : [
                fatal(
                  'key-mismatch',
                  'the private key of its engine in Shipyard belongs to another certificate',
                  APPLY,
                ),
              ]),
          ...certificateFindings(certificate, { kind: 'client' }, policy, now),
        ];
  return { kind: 'checked', certificate, findings };
}

const APPLY = 'run the action with command apply, which registers it anew';

function fatal(kind: Finding['kind'], message: string, hint: string): Finding {
  return { kind, isFatal: true, message, hint };
}
