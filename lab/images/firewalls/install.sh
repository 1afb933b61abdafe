# A node with both of the firewalls that people run on servers, neither of them on.
set -eu

printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod +x /usr/sbin/policy-rc.d
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends ufw firewalld python3-cap-ng
rm -f /usr/sbin/policy-rc.d
rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/cache/apt/archives/*.deb /var/log/dpkg.log /var/log/apt
# ufw starts with the host, and does nothing there until it is enabled.
systemctl disable firewalld.service
