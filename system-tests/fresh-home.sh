#!/usr/bin/env bash
# Times a fresh home: from 'up' to the first result of a training, here with trainers of vector, and in turn with those of torch.
#   system-tests/fresh-home.sh [ROUNDS] [PORT] [DIR]   3 rounds on port 8080 unless told otherwise; everything is built before.
#                                                      DIR is another build of this project, whose default trainers take the place of torch here
# Prints the seconds of each start and of each first result, and at the end the median of vector's by that of torch's.
set -euo pipefail

root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
rounds=${1:-3}
url=http://localhost:${2:-8080}
against=${3:-}
home= build=$root

clean_up() {
    [ -z "$home" ] || "$build/pnas" down --home "$home" >&2 || true
    [ -z "$home" ] || rm -rf "$home"
    home=
}
trap clean_up EXIT

# A command whose words are shown only where it fails.
quietly() {
    "$build/pnas" "$@" --home "$home" --url "$url" >"$home/said" 2>&1 || { cat "$home/said" >&2; exit 1; }
}

now() { date +%s%N; }
seconds() { awk -v from="$1" -v to="$(now)" 'BEGIN { printf "%.1f", (to - from) / 1e9 }'; }
median() { sort -n | awk '{ all[NR] = $1 } END { print NR % 2 ? all[(NR + 1) / 2] : (all[NR / 2] + all[NR / 2 + 1]) / 2 }'; }

[ -n "$against" ] || "$root/pnas" build trainer-service/torch
for build in "$root" ${against:+"$against"}; do
    "$build/pnas" down --home /nowhere >/dev/null 2>&1 || true # Builds what every platform has.
done
declare -A results=([torch]= [vector]=)
for round in $(seq "$rounds"); do
    # In alternating order.
    if [ $((round % 2)) = 1 ]; then engines="torch vector"; else engines="vector torch"; fi
    for engine in $engines; do
        build=$root trainers=(--trainers 0 "--$engine-trainers" 2) named=(--engine "$engine")
        if [ "$engine" = torch ] && [ -n "$against" ]; then
            # An older build knows of no choice of engines.
            build=$against trainers=(--trainers 2) named=()
        fi
        home=$(mktemp -d)
        from=$(now)
        quietly up "${trainers[@]}"
        up=$(seconds "$from")
        quietly search --preset demo "${named[@]}" --strategy random --samples 1 --blocks 1 --watch
        result=$(seconds "$from")
        printf '%s: up after %s s, the first result after %s s\n' "$engine" "$up" "$result"
        results[$engine]+="$result"$'\n'
        clean_up
    done
done
printf '%s' "${results[vector]}" | median | awk -v torch="$(printf '%s' "${results[torch]}" | median)" '{ printf "vector %s s, torch %s s: %.3f\n", $1, torch, $1 / torch }'
