# Turns a bare Debian into what a person gets who installs sshd and docker.io on a fresh server.
set -eu

# A mirror with https needs these, and an image from the registry comes without them.
if ! [ -e /etc/ssl/certs/ca-certificates.crt ]; then
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends ca-certificates
fi
rm -f /etc/apt/sources.list.d/*
echo "deb $MIRROR $SUITE main" >/etc/apt/sources.list
# Nobody reads the descriptions of packages, and each update would fetch them.
printf '%s\n' 'Acquire::Languages "none";' "$APT_OPTIONS" >/etc/apt/apt.conf.d/90host

# Nobody reads manuals on a node, and nobody keeps its disk: without them and without fsync it installs in half the time.
cat >/etc/dpkg/dpkg.cfg.d/lab <<'OPTIONS'
force-unsafe-io
path-exclude=/usr/share/man/*
path-exclude=/usr/share/locale/*
path-exclude=/usr/share/doc/*
OPTIONS

# Services start when a node boots, not while its image is built.
printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod +x /usr/sbin/policy-rc.d

case "$SUITE" in
  bookworm) more= ;;
  # The linter for certificates, which no older Debian has, is here for the image that is laid over this one.
  *) more='docker-cli zlint' ;;
esac

export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $more systemd systemd-sysv dbus \
  openssh-server sudo nftables iptables ca-certificates docker.io \
  iproute2 procps curl openssl busybox-static

rm -f /usr/sbin/policy-rc.d
rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/cache/apt/archives/*.deb /var/log/dpkg.log /var/log/apt

# Each node makes its own identity when it first boots.
rm -f /etc/ssh/ssh_host_*
: >/etc/machine-id

# A container has no console and no disk to look after, and its kernel belongs to the machine that all nodes share.
systemctl mask getty.target systemd-logind.service apt-daily.timer apt-daily-upgrade.timer \
  dpkg-db-backup.timer fstrim.timer systemd-sysctl.service systemd-modules-load.service \
  systemd-binfmt.service proc-sys-fs-binfmt_misc.automount systemd-random-seed.service \
  sys-kernel-config.mount sys-kernel-debug.mount sys-kernel-tracing.mount sys-fs-fuse-connections.mount \
  dev-hugepages.mount dev-mqueue.mount systemd-sysusers.service systemd-update-utmp.service \
  systemd-update-utmp-runlevel.service modprobe@.service
systemctl enable ssh-host-keys.service
# Nothing of a node comes from these, and every reload of the units runs all of them.
mkdir -p /etc/systemd/system-generators
for generator in /lib/systemd/system-generators/*; do
  ln -s /dev/null "/etc/systemd/system-generators/${generator##*/}"
done

# Whoever logs in here is a program.
sed -i '/pam_motd/d' /etc/pam.d/sshd

useradd --create-home --shell /bin/bash deploy
echo 'deploy ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/deploy
chmod 0440 /etc/sudoers.d/deploy
