#!/usr/bin/env bash
# The figures of docs/CLAIMS.md: a release build, each figure the median of several runs after one that does not count.
#
#   benches/measure.sh [RUNS]      default 5
#
# Needs GNU time (Debian: apt install time).
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-5}
time=$(type -P time) || { echo "GNU time is missing; install it and run again: apt-get install time" >&2; exit 1; }

cargo build --release --locked --quiet
selaras=$PWD/target/release/selaras
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# median FILE COLUMN
median() { sort -n -k"$2,$2" "$1" | awk -v c="$2" '{ v[NR] = $c } END { print v[int((NR + 1) / 2)] }'; }

# measure NAME COMMAND...: seconds and peak memory of RUNS runs; `prepare NAME RUN` may make each one's ground.
measure() {
    local name=$1 log run
    shift
    log=$work/$name.log
    : > "$log"
    for run in $(seq 0 "$runs"); do
        "$time" -f '%e %M' -o "$work/one" "$@" > /dev/null 2> "$work/err" || { cat "$work/err" >&2; exit 1; }
        [ "$run" = 0 ] || tail -n 1 "$work/one" >> "$log"
    done
    printf '%-44s %7s s (%s .. %s)  %5s MB\n' "$name" "$(median "$log" 1)" \
        "$(sort -n "$log" | head -n 1 | cut -d' ' -f1)" "$(sort -n "$log" | tail -n 1 | cut -d' ' -f1)" \
        "$(($(median "$log" 2) / 1024))"
}

echo "$(nproc) cores, $(uname -sr), $(rustc --version), median of $runs"
measure demo-600 "$selaras" demo --once --employees 600 --seed 7
measure demo-5000 "$selaras" demo --once --employees 5000 --seed 7
"$selaras" demo --once --employees 5000 --seed 7 --data "$work/five" > /dev/null 2>&1
as_of=$(date -u +%Y-%m-%dT%H:%M:%SZ)
# 3 is "finished but incomplete": the demo plants people whose evidence cannot be had.
full() { "$selaras" --config "$work/five/selaras.toml" reconcile --period 2026-10 --as-of "$as_of" "$@" || [ $? = 3 ]; }
export -f full
export selaras work as_of
measure reconcile-5000-full bash -c 'full --full'
measure reconcile-5000-unchanged bash -c 'full'
measure export-5000-verdicts-json bash -c '"$selaras" --config "$work/five/selaras.toml" export verdicts --period 2026-10 --as json'
echo "crates: $(grep -c '^name = ' Cargo.lock), binary: $(($(stat -c %s "$selaras") / 1048576)) MB"
