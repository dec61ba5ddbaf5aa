#!/bin/bash
# usage: root-supervisor.sh outer DIR
# Keeps a private world for a root libvirtd: own mounts, network, processes, IPC and cgroups, with libvirt's folders in DIR.
# Prints "ready" and then waits for the end of its standard input, so that it cannot outlive the test that started it;
# then it kills everything in its world and removes DIR.
set -eu
STAGE=$1
DIR=$2

# Prints TYPE OPTIONS MOUNTPOINT of every mounted cgroup hierarchy.
list_hierarchies() {
  awk '{ split($0, halves, " - "); split(halves[2], fs, " "); if (fs[1] ~ /^cgroup2?$/) print fs[1], fs[3], $5 }' /proc/self/mountinfo
}

# Controller names of a hierarchy's mount options: "rw,cpu,cpuacct" -> "cpu,cpuacct".
controllers_of() { echo "$1" | tr , '\n' | grep -vxE 'rw|ro|xattr|nsdelegate|memory_recursiveprot|memory_localevents|clone_children|relatime' | paste -sd, || true; }

# Guests of two daemons may have the same name: each daemon gets a cgroup of its own, in which it sees nothing else.
enter_own_cgroups() {
  local type options mountpoint controllers own group file
  while read -r type options mountpoint; do
    controllers=$(controllers_of "$options")
    [ "$type" = cgroup2 ] && controllers=
    own=$(awk -F: -v wanted="$controllers" '$2 == wanted { print $3; exit }' /proc/self/cgroup)
    group=$mountpoint${own%/}/${DIR##*/}
    mkdir -p "$group" 2>/dev/null || continue
    echo "$group" >>"$DIR/cgroups"
    for file in cpuset.cpus cpuset.mems; do
      [ "$type" = cgroup ] && [ -e "$group/$file" ] && cat "${group%/*}/$file" >"$group/$file"
    done
    echo $$ >"$group/cgroup.procs" 2>/dev/null || true
  done < <(list_hierarchies)
}

remount_cgroups() {
  local type options mountpoint controllers
  while read -r type options mountpoint; do
    controllers=$(controllers_of "$options")
    [ "$type" = cgroup2 ] && controllers=
    umount "$mountpoint" && mount -t "$type" ${controllers:+-o "$controllers"} cgroup "$mountpoint" || true
    # In version 2 a group with processes of its own cannot have controllers for its children.
    if [ "$type" = cgroup2 ]; then
      mkdir -p "$mountpoint/supervisor" && echo $$ >"$mountpoint/supervisor/cgroup.procs" || true
    fi
  done < <(list_hierarchies)
}

if [ "$STAGE" = outer ]; then
  enter_own_cgroups
  exec unshare --mount --net --pid --ipc --cgroup --fork --kill-child --mount-proc --propagation private \
    "$BASH" "$0" inner "$DIR"
fi

bind() {
  mkdir -p "$2"
  mount --bind "$DIR/$1" "$2"
}
bind run /run/libvirt
bind etc /etc/libvirt
bind lib /var/lib/libvirt
bind log /var/log/libvirt
bind cache /var/cache/libvirt
# Without the system bus libvirt asks neither polkit nor machined.
[ ! -d /run/dbus ] || mount -t tmpfs none /run/dbus
remount_cgroups 2>/dev/null
ip link set lo up
echo ready
while read -r _; do :; done
kill -KILL -1 2>/dev/null || true
rm -rf "$DIR"
