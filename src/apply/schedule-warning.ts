import type { CertificatePolicy } from '../inputs/request.ts';
import type { Run } from '../ports/run.ts';

/** https://docs.github.com/actions/how-tos/manage-workflow-runs/disable-and-enable-workflows */
const QUIET_DAYS = 60;

/**
 * A sentence for the log where certificates may end because GitHub stopped the schedule: it does so in a public repository
 * when nobody has committed for 60 days, and whoever has fewer days than that to renew may notice too late.
 */
export function scheduleWarning(
  { event, isPublic }: Pick<Run, 'event' | 'isPublic'>,
  { certDays, renewBefore }: Pick<CertificatePolicy, 'certDays' | 'renewBefore'>,
): string | undefined {
  const days = 'days' in renewBefore ? renewBefore.days : (certDays * renewBefore.percent) / 100;
  if (event !== 'schedule' || !isPublic || days >= QUIET_DAYS) return undefined;
  return `renew-before leaves ${Math.floor(days)} days to renew a certificate, and GitHub stops the schedules of a public repository when nobody has committed for ${QUIET_DAYS}: raise renew-before or cert-days, or keep the schedule on as the job keep-alive of the example renew.yml does`;
}
