#!/usr/bin/env bash
# Proves a real cluster: applies the overlay local, waits until everything is ready, runs a small search by REST and prints its best cell.
#   k8s/smoke.sh [--keep] [--timeout SECONDS]
# It speaks to the cluster of the current kubectl context. The namespace pnas is removed at the end, unless it was there before or --keep is given.
# The images of k8s/images.properties must be where the cluster finds them; ./pnas images builds those of the project.
# Exit status: 0 the search completed, 1 it did not, 2 something that is needed is missing.
set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
namespace=pnas
keep=
limit=900
forward=
work=

say() { printf '%s\n' "$*" >&2; }
lack() { say "smoke: $*"; exit 2; }
fail() { say "smoke: $*"; exit 1; }

while [ $# -gt 0 ]; do
    case $1 in
        --keep) keep=yes ;;
        --timeout)
            [[ ${2:-} =~ ^[0-9]+$ ]] || lack "--timeout must be a number of seconds, got '${2:-}'."
            limit=$2
            shift
            ;;
        -h | --help)
            sed -n '2,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
            exit 0
            ;;
        *) lack "unknown option '$1': there are --keep and --timeout SECONDS." ;;
    esac
    shift
done

for tool in kubectl curl jq; do
    command -v "$tool" >/dev/null || lack "$tool is missing: install it and run this again."
done

# What was there before is never removed: an answer that does not come is no answer.
present=$(kubectl get namespace "$namespace" --ignore-not-found -o name --request-timeout=10s) ||
    lack "the cluster of the current kubectl context does not say whether it has the namespace $namespace."
[ -z "$present" ] || keep=yes
work=$(mktemp -d)

clean_up() {
    local status=$?
    [ -z "$forward" ] || kill "$forward" 2>/dev/null || true
    if [ "$status" -ne 0 ] && [ "$status" -ne 2 ]; then
        say "smoke: what the cluster says of the namespace $namespace:"
        kubectl -n "$namespace" get pods -o wide >&2 || true
        kubectl -n "$namespace" get events --sort-by=.lastTimestamp 2>/dev/null | tail -n 20 >&2 || true
    fi
    rm -rf "$work"
    if [ -n "$keep" ]; then
        say "The namespace $namespace is still there; kubectl delete -k $here/overlays/local removes everything."
    else
        kubectl delete -k "$here/overlays/local" --wait=false >/dev/null 2>&1 || true
    fi
}
trap clean_up EXIT

# A key of its own, unless the platform was there before. What stays is no use without it.
key=$work/key
if kubectl -n "$namespace" get secret pnas-admin-key >/dev/null 2>&1; then
    [[ ${PNAS_API_KEY:-} =~ ^pnas_[0-9a-f]{10}_[0-9a-f]{64}$ ]] || lack "the namespace $namespace has an admin key already: give it, or another of the platform, in PNAS_API_KEY."
    printf '%s' "$PNAS_API_KEY" >"$key"
elif [ -n "$keep" ]; then
    key=pnas-admin.key
    [ ! -e "$key" ] || lack "$key is there already, and the key of what stays is to be there: move it."
fi
"$here/up.sh" --key-file "$key" --timeout "$limit"
{ printf 'Authorization: Bearer '; cat "$key"; } >"$work/authorization"

# Any free port: the forwarding says which.
kubectl -n "$namespace" port-forward service/pnas-orchestrator :80 >"$work/forward" 2>&1 &
forward=$!
port=
for _ in $(seq 60); do
    port=$(sed -n 's/^Forwarding from 127\.0\.0\.1:\([0-9]*\).*/\1/p' "$work/forward" | head -n 1)
    [ -z "$port" ] || break
    kill -0 "$forward" 2>/dev/null || break
    sleep 0.5
done
[ -n "$port" ] || fail "the port of the orchestrator was not forwarded: $(cat "$work/forward")"
url=http://localhost:$port/api/v1/experiments

answer=$(curl -sS --fail-with-body -H @"$work/authorization" -H 'Content-Type: application/json' "$url" -d '{
    "name": "smoke", "dataset": "digits", "operations": ["sep3x3", "max3x3", "identity"], "blocks": 2, "beam": 4,
    "layout": "cifar", "repetitions": 1, "filters": 4, "seed": 7, "reuse": false,
    "training": {"epochs": 2, "batchSize": 64, "learningRate": 0.05}}') || fail "the search was refused: $answer"
id=$(jq -r .id <<<"$answer")
say "Search: $id"

state=RUNNING
last=
while [ "$state" = RUNNING ]; do
    [ "$SECONDS" -lt "$limit" ] || fail "the search $id did not complete within $limit s: $last"
    sleep 2
    answer=$(curl -sS --fail-with-body -H @"$work/authorization" "$url/$id") || fail "the search $id cannot be read: $answer"
    state=$(jq -r .state <<<"$answer")
    line=$(jq -r '[.state, (.waiting // empty)] | join(": ")' <<<"$answer")
    [ "$line" = "$last" ] || say "$line"
    last=$line
done
[ "$state" = COMPLETED ] || fail "the search $id ended as $state: $(jq -c . <<<"$answer")"

jq -r '"Best cell: accuracy \(.best.accuracy)\n  \(.best.cell)"' <<<"$answer"
say "smoke: the search completed on the cluster of '$(kubectl config current-context)'."
