#!/usr/bin/env bash
# Sends generated requests, right and wrong ones, to a platform of its own and fails on an answer that the description of its REST interface does
# not allow, above all on a status of 5xx. Called by 'pnas test --fuzz', which builds before that.
#   --seconds N   how long requests are sent, in two halves (otherwise 240)
#   --seed N      what they are generated from (otherwise drawn, and told)
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tool=schemathesis==4.32.5
folder=$root/target/fuzz
seconds=240
seed=$RANDOM
home=

say() { printf '%s\n' "$*" >&2; }
die() { say "pnas: $*"; exit 1; }

while [ $# -gt 0 ]; do
    case $1 in
        --seconds=* | --seed=*) set -- "${1%%=*}" "${1#*=}" "${@:2}" ;;
        --seconds | --seed)
            [[ ${2:-} =~ ^[0-9]{1,9}$ ]] || die "$1 needs a whole number, got '${2:-}'."
            printf -v "${1#--}" %d "$((10#$2))"
            shift 2
            ;;
        *) die "--fuzz takes --seconds N and --seed N, got '$1'." ;;
    esac
done
[ "$seconds" -ge 10 ] || die "--seconds must be at least 10, got $seconds."

# Whatever ends this ends the platform and what sends the requests.
clean_up() {
    local status=$?
    trap - EXIT INT TERM HUP
    [ -z "$(jobs -p)" ] || kill $(jobs -p) 2>/dev/null || true
    wait || true
    if [ -n "$home" ]; then
        "$root/pnas" down --home "$home" >&2 || true
        if [ "$status" -eq 1 ]; then say "pnas: what the platform left is in $home"; else rm -rf "$home"; fi
    fi
    exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# In the background, so that a signal is not kept waiting for the program.
await() {
    "$@" &
    wait $!
}

mkdir -p "$folder"
# What the tool leaves behind stays there.
cd "$folder"
if ! "$folder/venv/bin/python" -c 'import importlib.metadata as m; raise SystemExit(m.version("schemathesis") != "'"${tool#*==}"'")' 2>/dev/null; then
    command -v python3 >/dev/null || die "Python 3 is missing: --fuzz needs it (Debian: apt install python3-venv)."
    say "pnas: installing $tool below $folder"
    rm -rf "$folder/venv"
    await python3 -m venv "$folder/venv"
    await "$folder/venv/bin/pip" install --quiet --disable-pip-version-check "$tool"
fi

home=$(mktemp -d)
# Two neighbours, as the platform needs them.
port=$(python3 - <<'END'
import socket
while True:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        try:
            other.bind(("127.0.0.1", one.getsockname()[1] + 1))
        except OSError:
            continue
        print(one.getsockname()[1])
        break
END
)
url=http://localhost:$port
await "$root/pnas" up --home "$home" --url "$url" --trainers 0 --replay-trainers 1 >&2

# A search that is over and a key that opens everything: the key goes from hand to hand in the environment alone.
eval "$(python3 - "$url" <<'END'
import json, sys, time, urllib.request
def call(path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(sys.argv[1] + path, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)
key = call("/api/v1/keys", {"name": "fuzz", "role": "admin"})["key"]
search = call("/api/v1/experiments", {"engine": "replay", "operations": ["max3x3", "sep3x3"], "blocks": 1})["id"]
for _ in range(300):
    if call("/api/v1/experiments/" + search)["state"] == "COMPLETED":
        break
    time.sleep(0.2)
else:
    sys.exit("the search did not end")
cell = call("/api/v1/experiments/" + search + "/best")["cells"][0]["cellId"]
print(f"export PNAS_FUZZ_KEY={key} PNAS_FUZZ_SEARCH={search} PNAS_FUZZ_CELL={cell}")
END
)"

# fuzz NAME CONFIGURATION OPTION …: half of the time, and 1 where something is wrong. One worker: the seed gives the same requests again, and several trip over each
# other in the compiler of Python 3.11.
fuzz() {
    printf '%s\n' '[headers]' 'Authorization = "Bearer ${PNAS_FUZZ_KEY}"' "${@:2:1}" >"$folder/$1.toml"
    await "$folder/venv/bin/schemathesis" --config-file "$folder/$1.toml" run "$url/q/openapi" --url "$url" --seed "$seed" \
        --max-time $((seconds / 2)) --phases examples,coverage,fuzzing --workers 1 --request-timeout 15 --warnings off --continue-on-failure \
        --checks not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance \
        --report junit --report-junit-path "$folder/$1.xml" "${@:3}" >&2
}

say "pnas: sending requests for $seconds s; this again: ./pnas test --fuzz --seconds $seconds --seed $seed"
failed=0
fuzz anything '' || failed=1
# Of what is there, and as who may change it. What is happening is left out here: a search that was extended has no end to wait for.
fuzz existing '
[parameters]
"path.id" = "${PNAS_FUZZ_SEARCH}"
"path.cellId" = "${PNAS_FUZZ_CELL}"
"header.Content-Type" = "application/json"' --exclude-operation-id followExperiment || failed=1
if grep -a -E 'ERROR .*request to .* failed' "$home"/logs/orchestrator*.log >&2; then
    say "pnas: the orchestrator failed at these requests."
    failed=1
fi
[ "$failed" -eq 0 ] || die "the fuzzing found something; reports are in $folder."
