# Turns a bare Debian into what a person gets who installs sshd and docker.io on a fresh server.
set -eu

# A mirror with https needs these, and an image from the registry comes without them.
if ! [ -e /etc/ssl/certs/ca-certificates.crt ]; then
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends ca-certificates
fi
rm -f /etc/apt/sources.list.d/*
echo "deb $MIRROR $SUITE main" >/etc/apt/sources.list
printf '%s\n' "$APT_OPTIONS" >/etc/apt/apt.conf.d/90host

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

case "$INIT" in
  systemd) init='systemd systemd-sysv dbus' ;;
  sysvinit) init='sysvinit-core sysv-rc initscripts' ;;
esac
case "$SUITE" in
  bookworm) client= ;;
  *) client=docker-cli ;;
esac

export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $init $client \
  openssh-server sudo nftables iptables ca-certificates docker.io \
  iproute2 procps curl openssl busybox-static

rm -f /usr/sbin/policy-rc.d
rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/cache/apt/archives/*.deb /var/log/dpkg.log /var/log/apt

# Each node makes its own identity when it first boots.
rm -f /etc/ssh/ssh_host_*
: >/etc/machine-id

case "$INIT" in
  systemd)
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
    ;;
  sysvinit)
    rm /etc/systemd/system/ssh-host-keys.service
    # The init script of sshd sources this.
    echo 'ssh-keygen -A >/dev/null' >>/etc/default/ssh
    # No console, clock, kernel or disk of its own.
    sed -i '/getty/d' /etc/inittab
    for script in hwclock.sh udev kmod mountall.sh mountnfs.sh checkroot.sh checkfs.sh procps; do
      update-rc.d "$script" disable 2>/dev/null || true
    done
    # The script wants limits that root of a container may not set.
    sed -i '/^\t\tulimit -n/d; /^\t\tif \[ "\$BASH" \]/,/^\t\tfi$/d' /etc/init.d/docker
    ;;
esac

# Whoever logs in here is a program.
sed -i '/pam_motd/d' /etc/pam.d/sshd

useradd --create-home --shell /bin/bash deploy
echo 'deploy ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/deploy
chmod 0440 /etc/sudoers.d/deploy
