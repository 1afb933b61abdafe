import type { InitSystem } from './init-system.ts';
import { layout } from './layout.ts';
import { optionsPlaces } from './options-file.ts';

const service = 'docker.service';
const undoUnit = 'shipyard-cluster-undo';
const recoverName = layout.recoverUnit.slice(layout.recoverUnit.lastIndexOf('/') + 1);
const firewallName = layout.firewallUnit.slice(layout.firewallUnit.lastIndexOf('/') + 1);
/** Whoever loads rules at boot: ours come after theirs, since some of them begin by taking all others away. */
const FIREWALLS =
  'nftables.service netfilter-persistent.service iptables.service ip6tables.service ufw.service firewalld.service';
const unitDirectory = '/etc/systemd/system';

const reloadUnits = 'systemctl daemon-reload';

/** systemd refuses the fourth start within 60 s, so its count is reset. */
const resetStarts = `systemctl reset-failed ${service} docker.socket 2>/dev/null || true`;

/** How a change is made where systemd starts Docker. */
export const systemdCommands: Omit<InitSystem, 'name' | 'service'> = {
  recovery: {
    copy: 'recover.service',
    installed: ({ recoverUnit: text }) => text,
    text: `# Written by shipyard-cluster.
[Unit]
Description=Undo a change by shipyard-cluster in whose middle the host went down
After=${FIREWALLS}
Before=${service}
ConditionPathExists=|${layout.transaction}/pending
ConditionPathExists=|${layout.transaction}/undoing

[Service]
Type=oneshot
ExecStart=/bin/sh ${layout.transaction}/undo.sh boot

[Install]
WantedBy=multi-user.target
`,
  },
  firewall: {
    copy: 'firewall.service',
    text: `# Written by shipyard-cluster.
[Unit]
Description=Firewall rules of shipyard-cluster for the port of Docker
After=${FIREWALLS} ${recoverName}
Before=${service}
ConditionPathExists=${layout.firewall}

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh ${layout.firewall} load

[Install]
WantedBy=multi-user.target
`,
  },
  files: [
    { copy: 'daemon.json', place: layout.daemonConfig },
    { copy: 'override.conf', place: layout.unitOverride, goes: 'switched' },
    ...optionsPlaces,
    { copy: 'recover.service', place: layout.recoverUnit, goes: 'confirmed' },
    { copy: 'origin.json', place: layout.origin, goes: 'confirmed' },
    { copy: 'firewall.sh', place: layout.firewall, goes: 'switched' },
    { copy: 'firewall.service', place: layout.firewallUnit, goes: 'switched' },
  ],
  links: [
    {
      copy: 'recover.link',
      place: `${unitDirectory}/multi-user.target.wants/${recoverName}`,
      target: layout.recoverUnit,
    },
    {
      copy: 'firewall.link',
      place: `${unitDirectory}/multi-user.target.wants/${firewallName}`,
      target: layout.firewallUnit,
    },
  ],
  directories: [`${unitDirectory}/${service}.d`, `${unitDirectory}/multi-user.target.wants`],
  reloadUnits,
  // The unit is Type=notify: the command returns when the daemon is ready.
  restart: `{ ${reloadUnits}; ${resetStarts}; timeout 90 systemctl restart ${service}; }`,
  restartAll: `{ systemctl stop ${service} docker.socket; ${resetStarts}; timeout 90 systemctl start docker.socket ${service}; }`,
  // The unit has no time limit of its own (TimeoutStartSec=0), so nobody waits for this job.
  begin: `${reloadUnits}; ${resetStarts}; systemctl restart --no-block ${service}`,
  wait: (limitSeconds) => `(
  readNow
  end=$((now + ${limitSeconds}))
  while readNow && [ "$now" -lt "$end" ]; do
    case "$(systemctl show --property ActiveState --property SubState --property Job ${service})" in
      *ActiveState=failed*|*SubState=auto-restart*) exit 1 ;;
      *Job=[1-9]*) ;;
      *ActiveState=active*) exit 0 ;;
    esac
    sleep 0.2
  done
  exit 1
)`,
  unblock: `{
  systemctl list-jobs --no-legend ${service} 2>/dev/null | while read -r job rest; do systemctl cancel "$job" || true; done
  [ "$(systemctl show --property ActiveState --value ${service})" = active ] ||
    systemctl kill --kill-who=main --signal=KILL ${service} 2>/dev/null || true
}`,
  // A transient timer. At a reboot it is gone, and the recovery unit is there.
  arm: (script, seconds) => `systemctl stop ${undoUnit}.timer 2>/dev/null || true
systemctl reset-failed ${undoUnit}.service 2>/dev/null || true
systemd-run --quiet --collect --unit ${undoUnit} --on-active=${seconds}s --timer-property=AccuracySec=1s /bin/sh ${script}`,
  disarm: `systemctl stop ${undoUnit}.timer 2>/dev/null || true`,
  lastLog: `journalctl -u ${service} -n 12 -o cat --no-pager`,
};
