#!/usr/bin/env bash
# Puts everything on the cluster of the current kubectl context: the namespace pnas, its Secrets where they are missing, the overlay local; and
# waits until it is ready.
#   k8s/up.sh [--key-file FILE] [--timeout SECONDS]
# FILE, ./admin.key unless it is given, gets the first key of the platform; a cluster that has one keeps it, and FILE is left alone.
# The images of k8s/images.properties must be where the cluster finds them; ./pnas images builds those of the project.
# Exit status: 0 everything is ready, 1 it is not, 2 something that is needed is missing.
set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
namespace=pnas
key_file=admin.key
limit=900
oldest_minor=27
work=

say() { printf '%s\n' "$*" >&2; }
lack() { say "up: $*"; exit 2; }
fail() { say "up: $*"; exit 1; }

while [ $# -gt 0 ]; do
    case $1 in
        --key-file)
            [ -n "${2:-}" ] || lack "--key-file must name a file."
            key_file=$2
            shift
            ;;
        --timeout)
            [[ ${2:-} =~ ^[0-9]+$ ]] || lack "--timeout must be a number of seconds, got '${2:-}'."
            limit=$2
            shift
            ;;
        -h | --help)
            sed -n '2,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
            exit 0
            ;;
        *) lack "unknown option '$1': there are --key-file FILE and --timeout SECONDS." ;;
    esac
    shift
done

for tool in kubectl od sha256sum; do
    command -v "$tool" >/dev/null || lack "$tool is missing: install it and run this again."
done
context=$(kubectl config current-context 2>/dev/null) || lack "kubectl has no current context: choose a cluster with kubectl config use-context NAME."
versions=$(kubectl version --request-timeout=10s 2>/dev/null) || lack "the cluster of the context '$context' does not answer: see kubectl cluster-info."
minor=$(sed -n 's/^Server Version: v1\.\([0-9]*\).*/\1/p' <<<"$versions")
[ "${minor:-$oldest_minor}" -ge "$oldest_minor" ] || lack "the cluster has Kubernetes 1.$minor, and this needs 1.$oldest_minor or later."
classes=$(kubectl get storageclass -o jsonpath='{range .items[*]}{.metadata.name}={.metadata.annotations.storageclass\.kubernetes\.io/is-default-class}{"\n"}{end}')
[ -n "$classes" ] || lack "the cluster has no storage class: the volumes would wait for ever."
[[ $classes == *=true* ]] ||
    lack "no storage class of the cluster is the default one, so the volumes would wait for ever: kubectl annotate storageclass ${classes%%=*} storageclass.kubernetes.io/is-default-class=true"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# So many random bytes, in hex.
digits() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }
has_secret() { kubectl -n "$namespace" get secret "$1" >/dev/null 2>&1; }

say "Context: $context"
new_key=
if ! has_secret pnas-admin-key; then
    new_key=yes
    [ ! -e "$key_file" ] || lack "$key_file is there already: move it, or name another file with --key-file."
fi
kubectl apply -f "$here/base/namespace.yaml"
# Password and key stand in files alone, and so in no list of processes.
if ! has_secret pnas-database-app; then
    digits 16 >"$work/password"
    kubectl -n "$namespace" create secret generic pnas-database-app --from-literal=username=pnas --from-file=password="$work/password"
fi
if [ -n "$new_key" ]; then
    # Never over a file that came meanwhile.
    (umask 077 && set -C && printf 'pnas_%s_%s' "$(digits 5)" "$(digits 32)" >"$key_file")
    sha256sum <"$key_file" | { read -r hash _; printf '%s' "$hash"; } >"$work/hash"
    if ! kubectl -n "$namespace" create secret generic pnas-admin-key --from-file=hash="$work/hash"; then
        rm -f "$key_file"
        fail "the Secret pnas-admin-key could not be made."
    fi
    say "The first key of the platform is in $key_file."
fi
kubectl apply -k "$here/overlays/local"

for workload in statefulset/pnas-postgres statefulset/pnas-kafka deployment/pnas-orchestrator deployment/pnas-predictor deployment/pnas-trainer; do
    kubectl -n "$namespace" rollout status "$workload" --timeout="${limit}s" || fail "$workload was not ready within $limit s."
done
