#!/usr/bin/env bash
# Makes a base image for ./pnas images --base tar:FILE where no registry is reached: a small Debian from its package mirror, and a Java
# runtime cut from the JDK in JAVA_HOME. Needs mmdebstrap, and root or user namespaces.
#   images/base-image.sh FILE
set -euo pipefail

lack() { printf 'base-image: %s\n' "$*" >&2; exit 2; }

[ $# -eq 1 ] || lack "one argument is needed: the file to write."
for tool in mmdebstrap tar sha256sum; do
    command -v "$tool" >/dev/null || lack "$tool is missing: install it and run this again."
done
[ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/jlink" ] || lack "JAVA_HOME must name a JDK 25, got '${JAVA_HOME:-}'."

out=$(readlink -f "$(dirname "$1")")/$(basename "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# As readable as the files in it: others than root run them.
chmod 755 "$work"
mkdir "$work/java"

# What the JVM and libtorch need of the system beside its essential packages, and the certificates of the web.
# shellcheck source=/dev/null
suite=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-stable}")
# shellcheck disable=SC2016 # mmdebstrap gives the hook its folder.
mmdebstrap --quiet --variant=essential \
    --include=libstdc++6,libgomp1,zlib1g,ca-certificates \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --customize-hook='rm -rf "$1"/var/cache/* "$1"/var/lib/apt "$1"/var/log/*' \
    "$suite" "$work/root.tar"

"$(dirname "${BASH_SOURCE[0]}")/java-runtime.sh" "$work/java/openjdk"
tar -C "$work" --owner=0 --group=0 --numeric-owner --transform='s,^java,opt/java,' -cf "$work/java.tar" java

# An image as docker save writes it: its layers, its configuration, and a manifest that names them.
root=$(sha256sum "$work/root.tar" | cut -d' ' -f1)
java=$(sha256sum "$work/java.tar" | cut -d' ' -f1)
printf '{"architecture":"amd64","os":"linux","config":{"Env":["PATH=/opt/java/openjdk/bin:/usr/bin:/bin","JAVA_HOME=/opt/java/openjdk","LANG=C.UTF-8"]},"rootfs":{"type":"layers","diff_ids":["sha256:%s","sha256:%s"]},"history":[{"created":"1970-01-01T00:00:00Z"},{"created":"1970-01-01T00:00:00Z"}]}' \
    "$root" "$java" >"$work/config.json"
printf '[{"Config":"config.json","RepoTags":["pnas/base:local"],"Layers":["root.tar","java.tar"]}]' >"$work/manifest.json"
tar -C "$work" -cf "$out" manifest.json config.json root.tar java.tar
printf '%s: %d MB, Debian %s\n' "$out" $(($(stat -c %s "$out") / 1000000)) "$suite"
