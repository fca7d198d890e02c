#!/usr/bin/env bash
# The large figures of docs/CLAIMS.md: `check`, two scripts that do its core, and `reconcile`, on the same files in one run.
#
#   benches/large.sh [PEOPLE...]      default 2000 20000 200000
#
# Medians of 5, of 3 from 200,000 on. Every line: wall seconds, CPU seconds (user), peak memory. On a machine that others
# use, CPU seconds are the better figure.
# Needs GNU time, and Python with duckdb and polars (PYTHON names it); SELARAS names another program than the release build.
set -euo pipefail
cd "$(dirname "$0")/.."
home=$PWD
python=${PYTHON:-python3}
time=$(type -P time) || { echo "GNU time is missing; install it and run again: apt-get install time" >&2; exit 1; }
"$python" -c 'import duckdb, polars' || { echo "duckdb and polars are missing: pip install duckdb polars" >&2; exit 1; }
selaras=${SELARAS:-}
[ -n "$selaras" ] || { cargo build --release --locked --quiet; selaras=$PWD/target/release/selaras; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
policy=$home/config/policy/contoh-kemenko-infra.toml
[ $# -gt 0 ] || set -- 2000 20000 200000

# The simulator writes its files before it listens; it is asked to leave as soon as it has.
grow() {
    local dir=$1 people=$2 pid
    "$selaras" --lang en simulate --employees "$people" --seed 7 --write "$dir" --listen 127.0.0.1:0 > "$dir.log" 2>&1 &
    pid=$!
    until grep -q 'files are in' "$dir.log"; do
        kill -0 "$pid" 2> /dev/null || { cat "$dir.log" >&2; exit 1; }
        sleep 0.2
    done
    kill -INT "$pid"
    wait "$pid" || true
    "$python" benches/adk_text.py "$dir"/adk-tukin-*.xlsx "$dir/adk.txt"
}

# column N FILE: the median of a column.
column() { sort -n -k"$1,$1" "$2" | awk -v c="$1" '{ v[NR] = $c } END { print v[int((NR + 1) / 2)] }'; }

# measure NAME RUNS COMMAND...; 3 is "finished but incomplete".
measure() {
    local name=$1 runs=$2 run
    shift 2
    : > "$work/log"
    for run in $(seq "$runs"); do
        once "$@"
    done
    report "$name"
}

once() {
    "$time" -f '%e %U %M' -o "$work/one" "$@" > /dev/null 2> "$work/err" || [ $? = 3 ] || { cat "$work/err" >&2; exit 1; }
    tail -n 1 "$work/one" >> "$work/log"
}

report() {
    local log=$work/log
    printf '%-34s %7s s wall %7s s CPU %6s MB\n' "$1" "$(column 1 "$log")" "$(column 2 "$log")" "$(($(column 3 "$log") / 1024))"
}

# change DIR: another time of arrival in one row of every hundredth person's attendance; the next call undoes it.
change() {
    awk -F, -v OFS=, 'NR > 1 && $1 != nip { nip = $1; due = (++people % 100 == 0) }
        due && $3 ~ /^0[79]:/ { $3 = ($3 ~ /^07/ ? "09" : "07") substr($3, 3); due = 0 } { print }' "$1/presensi.csv" > "$1/changed.csv"
    mv "$1/changed.csv" "$1/presensi.csv"
}

# store NAME URL DIR RUNS: imports the files, then reconciles everybody, and whom a change in 1 % of the people touches.
store() {
    local name=$1 url=$2 dir=$3 runs=$4 file run
    printf '[store]\nurl = "%s"\n\n[policy]\ndir = "%s"\n' "$url" "$home/config/policy" > "$dir/selaras.toml"
    for file in roster:roster.csv attendance:presensi.csv permits:izin.csv discipline:hukdis.csv payment:adk.txt \
        'ekinerja:ekspor-bkn/Laporan Penilaian SKP.csv' 'ekinerja:ekspor-bkn/Laporan SKP.csv'; do
        "$selaras" --config "$dir/selaras.toml" import "${file%%:*}" "$dir/${file#*:}" --period 2026-10 > "$work/err" 2>&1 ||
            { cat "$work/err" >&2; exit 1; }
    done
    measure "$name first" 1 "$selaras" --config "$dir/selaras.toml" reconcile --period 2026-10
    measure "$name full" "$runs" "$selaras" --config "$dir/selaras.toml" reconcile --period 2026-10 --full
    : > "$work/log"
    for run in $(seq "$runs"); do
        change "$dir"
        "$selaras" --config "$dir/selaras.toml" import attendance "$dir/presensi.csv" --period 2026-10 > "$work/err" 2>&1 ||
            { cat "$work/err" >&2; exit 1; }
        once "$selaras" --config "$dir/selaras.toml" reconcile --period 2026-10
    done
    report "$name 1 % changed"
}

echo "$(nproc) cores, $(uname -sr), load $(cut -d' ' -f1 /proc/loadavg)"
for people in "$@"; do
    dir=$work/$people
    runs=$([ "$people" -ge 200000 ] && echo 3 || echo 5)
    grow "$dir" "$people"
    echo "$people people, $(wc -l < "$dir/presensi.csv") lines of attendance"
    files=(--period 2026-10 --policy "$policy" --roster "$dir/roster.csv" --attendance "$dir/presensi.csv"
        --permits "$dir/izin.csv" --discipline "$dir/hukdis.csv" --payment "$dir/adk.txt"
        --evaluation "$dir/ekspor-bkn/Laporan Penilaian SKP.csv" --skp "$dir/ekspor-bkn/Laporan SKP.csv")
    measure "check, all rules, JSON" "$runs" "$selaras" check "${files[@]}" --as json -o "$work/out.json"
    measure "DuckDB, core only" "$runs" "$python" benches/peer_duckdb.py "$dir" "$policy" "$dir/adk.txt"
    measure "polars, core only" "$runs" "$python" benches/peer_polars.py "$dir" "$policy" "$dir/adk.txt"
    measure "check, all rules, XLSX" "$runs" "$selaras" check "${files[@]}" --as xlsx -o "$work/out.xlsx"
    store "reconcile, SQLite" "sqlite://$dir/selaras.db" "$dir" "$runs"
    if [ -n "${SELARAS_TEST_POSTGRES_URL:-}" ]; then
        store "reconcile, PostgreSQL" "$SELARAS_TEST_POSTGRES_URL" "$dir" "$runs"
    fi
    echo "load $(cut -d' ' -f1 /proc/loadavg)"
    rm -rf "$dir"
done
