#!/bin/sh
# Puts the CNI plugin where the container runtime of a node looks for it, and keeps it there.
#
#   egress-router-install            install, then look again each minute
#   egress-router-install once       install and end
#   egress-router-install remove     take away what was installed; with --stay, then wait to be ended
#
# A file of that name which this script did not put there is never touched: on OKD, Multus brings one.
# Removing happens on request only. Pods that still have a router's interface need the plugin to get rid of it,
# so it must outlive an update of the DaemonSet that runs this.
set -eu

name=egress-router
source="${CNI_SOURCE:-/usr/src/egress-router-cni/bin/$name}"
folder="${CNI_BIN_DIR:-/host/opt/cni/bin}"
# SHA-256 of what was installed, a line each: the proof that a file is ours. It is written before the file is,
# with the digest of the file before it, so that being killed in between loses nothing.
record="$folder/.$name.installed"
every="${CHECK_SECONDS:-60}"

say() { printf '%s\n' "$*" >&2; }

digest() { sha256sum "$1" | cut -d ' ' -f 1; }

# A link is another's, also where it leads nowhere in this container: its target may be a file of the node.
is_there() { [ -e "$folder/$name" ] || [ -L "$folder/$name" ]; }

is_ours() { [ ! -L "$folder/$name" ] && [ -f "$record" ] && grep -qx "$(digest "$folder/$name")" "$record"; }

refuse() {
  say "$folder/$name was not installed by this project: it is left alone."
  say "Where the platform brings its own plugin, this DaemonSet is not needed: delete it."
  exit 3
}

write_record() {
  rm -f "$record.new"
  printf '%s\n' "$@" >"$record.new"
  mv -f "$record.new" "$record"
}

install_once() {
  wanted=$(digest "$source")
  present=
  if is_there; then
    present=$(digest "$folder/$name")
    if [ "$present" = "$wanted" ]; then return; fi
    is_ours || refuse
  fi
  # Not into what was left there, or what that leads to.
  rm -f "$folder/.$name.new"
  cp "$source" "$folder/.$name.new"
  chmod 0755 "$folder/.$name.new"
  write_record $present "$wanted"
  # A rename, so that no runtime ever starts half a file.
  mv -f "$folder/.$name.new" "$folder/$name"
  write_record "$wanted"
  say "installed $folder/$name ($wanted)"
}

remove() {
  if is_there; then
    is_ours || refuse
    rm -f "$folder/$name"
    say "removed $folder/$name"
  fi
  rm -f "$record"
}

wait_for_end() {
  sleep "$1" &
  wait $! || :
}

trap 'exit 0' TERM INT

case "${1:-install} ${2:-}" in
  'install ')
    while :; do
      install_once
      wait_for_end "$every"
    done
    ;;
  'once ')
    install_once
    ;;
  'remove ')
    remove
    ;;
  'remove --stay')
    remove
    while :; do wait_for_end 3600; done
    ;;
  *)
    say 'Usage: egress-router-install [install | once | remove [--stay]]'
    exit 2
    ;;
esac
