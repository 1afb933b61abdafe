import { expect, test } from '@jest/globals';
import { inputError, problems, request, type Inputs } from '../../support/inputs.ts';

test.each<[Inputs, object]>([
  [{ 'key-algorithm': 'rsa-2048' }, { keyAlgorithm: 'rsa-2048' }],
  [{ 'key-algorithm': 'rsa-3072' }, { keyAlgorithm: 'rsa-3072' }],
  [{ 'cert-days': '825' }, { certDays: 825 }],
  [{ 'cert-days': '1' }, { certDays: 1 }],
  [{ 'ca-days': '7300' }, { caDays: 7300 }],
  [
    { 'ca-days': '31', 'cert-days': '30' },
    { caDays: 31, certDays: 30 },
  ],
  [{ 'renew-before': '30' }, { renewBefore: { days: 30 } }],
  [{ 'renew-before': '179' }, { renewBefore: { days: 179 } }],
  [{ 'renew-before': '99%' }, { renewBefore: { percent: 99 } }],
  [{ 'force-renew': 'false' }, { forceRenew: 'none' }],
  [{ 'force-renew': 'all' }, { forceRenew: 'all' }],
  [{ 'force-renew': 'node1' }, { forceRenew: ['node1'] }],
  [{ 'force-renew': 'node1, node2\nnode1' }, { forceRenew: ['node1', 'node2'] }],
])('%j', (inputs, expected) => {
  expect(request(inputs).certificates).toMatchObject(expected);
});

const CERT_DAYS = 'cert-days: must be a whole number from 1 to 825';
const RENEW_BEFORE = 'renew-before: must be days or a share of the lifetime from 1% to 99%';

test.each<[Inputs, string]>([
  [{ 'key-algorithm': 'ECDSA-P256' }, 'key-algorithm: "ECDSA-P256" is not known'],
  [{ 'cert-days': '0' }, `${CERT_DAYS}, not "0" (Apple accepts no server certificate for longer)`],
  [{ 'cert-days': '826' }, `${CERT_DAYS}, not "826" (Apple accepts no server certificate for longer)`],
  [{ 'cert-days': '90d' }, `${CERT_DAYS}, not "90d" (Apple accepts no server certificate for longer)`],
  [{ 'cert-days': '1e2' }, `${CERT_DAYS}, not "1e2" (Apple accepts no server certificate for longer)`],
  [{ 'cert-days': '-1' }, `${CERT_DAYS}, not "-1" (Apple accepts no server certificate for longer)`],
  [{ 'cert-days': '090' }, `${CERT_DAYS}, not "090" (Apple accepts no server certificate for longer)`],
  [{ 'ca-days': '29' }, 'ca-days: must be a whole number from 30 to 7300, not "29" (a month to 20 years)'],
  [
    { 'ca-days': '7301' },
    'ca-days: must be a whole number from 30 to 7300, not "7301" (a month to 20 years)',
  ],
  [
    { 'ca-days': '180' },
    'cert-days: 180 days are not less than the 180 of ca-days: a certificate would outlive its CA',
  ],
  [
    { 'renew-before': '180' },
    'renew-before: 180 days are not less than the 180 of cert-days: every run would renew everything',
  ],
  [{ 'renew-before': '0' }, `${RENEW_BEFORE}, not "0"`],
  [{ 'renew-before': '100%' }, `${RENEW_BEFORE}, not "100%"`],
  [{ 'renew-before': '40 %' }, `${RENEW_BEFORE}, not "40 %"`],
  [{ 'renew-before': '30d' }, `${RENEW_BEFORE}, not "30d"`],
  [{ 'force-renew': 'true' }, 'force-renew: true does not say what to renew'],
  [{ 'force-renew': 'node3' }, 'force-renew: the inventory has no node "node3"'],
  [{ 'force-renew': 'Node1' }, 'force-renew: the inventory has no node "Node1"'],
])('%j is refused', (inputs, expected) => {
  expect(problems(inputs)).toEqual([expected]);
});

test.each<[Inputs, string]>([
  [
    { 'key-algorithm': 'ecdsa-p265' },
    'key-algorithm: did you mean "ecdsa-p256"? known are: ecdsa-p256, rsa-2048, rsa-3072',
  ],
  [{ 'key-algorithm': 'ed25519' }, 'key-algorithm: known are: ecdsa-p256, rsa-2048, rsa-3072'],
  [{ 'force-renew': 'nod2' }, 'force-renew: did you mean "node2"? known are: node1, node2'],
])('%j is told what is known', (inputs, hint) => {
  expect(inputError(inputs).hint).toBe(hint);
});
