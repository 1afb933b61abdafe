# Puts sysvinit in the place of systemd, which goes with what it was told; the links that mask units stay, unread.
set -eu

printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod +x /usr/sbin/policy-rc.d
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# The package asks the init that runs to start anew, and waits for most of a minute until somebody has heard it.
mkfifo -m 600 /run/initctl
cat <>/run/initctl >/dev/null &
apt-get install -y -qq --no-install-recommends --purge --auto-remove \
  sysvinit-core sysv-rc initscripts systemd-sysv- systemd- dbus-
kill $!
rm -f /usr/sbin/policy-rc.d
rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/cache/apt/archives/*.deb /var/log/dpkg.log /var/log/apt

# What was switched off there, and what made the host keys.
rm -r /etc/systemd/system-generators
find /etc/systemd -name ssh-host-keys.service -delete
# The init script of sshd sources this.
echo 'ssh-keygen -A >/dev/null' >>/etc/default/ssh
# No console, clock, kernel or disk of its own.
sed -i '/getty/d' /etc/inittab
for script in hwclock.sh udev kmod mountall.sh mountnfs.sh checkroot.sh checkfs.sh procps; do
  update-rc.d "$script" disable 2>/dev/null || true
done
# The script wants limits that root of a container may not set.
sed -i '/^\t\tulimit -n/d; /^\t\tif \[ "\$BASH" \]/,/^\t\tfi$/d' /etc/init.d/docker
