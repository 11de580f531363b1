#!/usr/bin/env bash
# Fills the pages with what their commands print. A page has, before a block of code:
#   <!-- output: ./pnas … -->   a command that needs no platform; a test holds the block to it
#   <!-- run: ./pnas … -->      a command that searches; what it prints has times in it, so it is run only when asked for
# Usage: docs/outputs.sh [--runs] [PAGE …]      all pages where none is named
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
runs=
if [ "${1:-}" = --runs ]; then runs=1; shift; fi
if [ $# -eq 0 ]; then
    mapfile -t pages < <(cd "$root" && grep -lrE --include='*.md' '^<!-- (output|run): ' README.md docs)
    set -- "${pages[@]}"
fi

# Where the state of these runs lies is nobody's business: a folder of their own, in which the commands look as on the page.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ln -s "$root/pnas" "$work/pnas"
ln -s "$root/examples" "$work/examples"
declare -A printed=()

# print_of COMMAND: a command is run once, however many pages show it or a part of it.
print_of() {
    local whole=${1%% | *} rest=
    [ "$whole" = "$1" ] || rest=${1#"$whole" | }
    if [ -z "${printed[$whole]+x}" ]; then
        printf 'docs/outputs.sh: %s\n' "$whole" >&2
        printed[$whole]=$(cd "$work" && bash -c "$whole" 2>&1 | sed -E \
            -e 's/code=[A-Za-z0-9_-]+/code=…/' -e "s#${PNAS_URL:-http://localhost:8080}#http://localhost:8080#g" \
            -e "s# --url http://localhost:8080##g" -e "s#$work/##g")
    fi
    if [ -z "$rest" ]; then printf '%s\n' "${printed[$whole]}"; else bash -c "$rest" <<<"${printed[$whole]}"; fi
}

for page in "$@"; do
    new=$work/page.md
    : >"$new"
    skipping=
    while IFS= read -r line; do
        if [ "$skipping" = begin ]; then
            skipping=block
            continue
        elif [ "$skipping" = block ]; then
            [ "$line" != '```' ] || skipping=
            continue
        fi
        printf '%s\n' "$line" >>"$new"
        if [[ $line =~ ^'<!-- '(output|run)': '(.+)' -->'$ ]] && { [ "${BASH_REMATCH[1]}" = output ] || [ -n "$runs" ]; }; then
            command=${BASH_REMATCH[2]}
            {
                printf '%s\n' '```'
                [ "${BASH_REMATCH[1]}" = run ] && [ "$command" != "${command%% | *}" ] || printf '$ %s\n' "$command"
                print_of "$command"
                printf '%s\n' '```'
            } >>"$new"
            skipping=begin
        fi
    done <"$root/$page"
    cmp -s "$new" "$root/$page" || { cat "$new" >"$root/$page" && printf 'docs/outputs.sh: wrote %s\n' "$page" >&2; }
done
