
fstab=${LIBMOUNT_FSTAB:-/etc/fstab}
marker="# efsctl: $file_system at $fstab_mount_point"
# The same where the directory was created, so that undo removes it.
marker_of_created="$marker, created for it"

say() {
  printf '%s\n' "$*" >&2
}

fail() {
  say "error: $*"
  exit 1
}

is_installed() {
  command -v "$1" >/dev/null 2>&1 || [ -x "/sbin/$1" ]
}

# The package manager: dnf (Amazon Linux 2023, RHEL), yum (Amazon Linux 2), zypper (SUSE), apt-get (Debian, Ubuntu).
package_manager() {
  for manager in dnf yum zypper apt-get; do
    if command -v "$manager" >/dev/null 2>&1; then
      printf '%s\n' "$manager"
      return 0
    fi
  done
  return 1
}

install_package() {
  case $manager in
    apt-get)
      apt-get update
      DEBIAN_FRONTEND=noninteractive apt-get install -y "$1"
      ;;
    zypper) zypper --non-interactive install "$1" ;;
    *) "$manager" install -y "$1" ;;
  esac
}

# AWS's installer adds the repository that has efs-utils for this distribution.
run_installer() {
  is_installed curl || install_package curl
  installer=$(mktemp)
  curl -fsSL -o "$installer" https://amazon-efs-utils.aws.com/efs-utils-installer.sh
  sh "$installer" --install
  rm -f "$installer"
}

install_client() {
  helper=mount.$mount_type
  if is_installed "$helper"; then
    return 0
  fi
  manager=$(package_manager) || fail "no package manager is known here: install $helper, then run this again"
  case $mount_type:$manager in
    # The repositories of Amazon Linux have efs-utils, those of RHEL do not.
    efs:dnf | efs:yum) install_package amazon-efs-utils || run_installer ;;
    efs:*) run_installer ;;
    nfs4:apt-get) install_package nfs-common ;;
    nfs4:zypper) install_package nfs-client ;;
    nfs4:*) install_package nfs-utils ;;
  esac
  is_installed "$helper" || fail "$helper is not installed"
}

is_mounted() {
  mountpoint -q "$mount_point"
}

# fstab without the line of this script and the comment before it.
other_lines() {
  follows=no
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in
      "$marker" | "$marker_of_created")
        follows=yes
        continue
        ;;
    esac
    if [ "$follows" = yes ]; then
      follows=no
      case $line in
        *" $fstab_mount_point "*) continue ;;
      esac
    fi
    printf '%s\n' "$line"
  done <"$fstab"
}

# Puts stdin in the place of fstab, in one step.
replace_fstab() {
  cp -p "$fstab" "$fstab.efsctl"
  cat >"$fstab.efsctl"
  if cmp -s "$fstab.efsctl" "$fstab"; then
    rm -f "$fstab.efsctl"
    return 0
  fi
  mv -f "$fstab.efsctl" "$fstab"
  if command -v systemctl >/dev/null 2>&1; then
    systemctl daemon-reload
  fi
}

write_fstab() {
  other_lines | while read -r source at _; do
    case $source in
      '#'*) ;;
      *) [ "$at" != "$fstab_mount_point" ] || fail "$fstab has another line for $mount_point: remove it first" ;;
    esac
  done
  {
    other_lines
    printf '%s\n%s\n' "$1" "$fstab_line"
  } | replace_fstab
}

# A name resolves up to 90 seconds after its mount target was created.
mount_with_retries() {
  attempt=1
  until mount "$mount_point"; do
    [ "$attempt" -lt 10 ] || fail "$file_system could not be mounted at $mount_point; $fstab has its line"
    attempt=$((attempt + 1))
    sleep 10
  done
}

check() {
  if [ "$read_only" = yes ]; then
    ls "$mount_point" >/dev/null
    return 0
  fi
  probe=$mount_point/.efsctl-check-$$
  trap 'rm -f "$probe"' EXIT
  printf '%s\n' "$$" >"$probe" || fail "$mount_point is mounted, and root cannot write there: the policy may squash root; use an access point"
  [ "$(cat "$probe")" = "$$" ] || fail "what is written to $mount_point is not what is read"
  rm -f "$probe"
  trap - EXIT
}

connect() {
  install_client
  [ -e "$fstab" ] || : >"$fstab"
  comment=$marker
  if grep -qxF -e "$marker_of_created" "$fstab"; then
    comment=$marker_of_created
  fi
  if [ ! -d "$mount_point" ]; then
    mkdir -p "$mount_point"
    comment=$marker_of_created
  fi
  write_fstab "$comment"
  is_mounted || mount_with_retries
  [ -z "$owner" ] || chown "$owner" "$mount_point"
  [ -z "$mode" ] || chmod "$mode" "$mount_point"
  check
  say "$file_system is mounted at $mount_point"
}

undo() {
  if is_mounted; then
    umount "$mount_point" || fail "$mount_point is in use: stop what uses it, then run this again"
  fi
  if [ -e "$fstab" ]; then
    created=no
    if grep -qxF -e "$marker_of_created" "$fstab"; then
      created=yes
    fi
    other_lines | replace_fstab
    if [ "$created" = yes ] && ! rmdir "$mount_point" 2>/dev/null; then
      say "$mount_point is not empty: it stays"
    fi
  fi
  say "$file_system is no longer mounted at $mount_point; the client stays installed, the data stay in the file system"
}

[ "$(id -u)" -eq 0 ] || fail "run this as root"
case ${1-} in
  '') connect ;;
  undo) undo ;;
  *) fail "expected nothing, or undo" ;;
esac
