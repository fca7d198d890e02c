#!/usr/bin/env bash
# The figures of docs/CLAIMS.md about pulling and waiting, each against the served simulator without quota or latency:
# a list of 50,000 rows until it is durable, a pull by NIP beside a dlt REST pipeline, the same pull with a million rows
# of evidence in the store, and the memory of a daemon that waits.
#
#   benches/daemon.sh [bulk] [peer] [million] [idle]      default: all four
#
# Medians of 5. Needs Python with dlt and duckdb for "peer" (PYTHON names it). SELARAS names another program than the
# release build.
set -euo pipefail
cd "$(dirname "$0")/.."
home=$PWD python=${PYTHON:-python3} runs=${RUNS:-5}
selaras=${SELARAS:-}
[ -n "$selaras" ] || { cargo build --release --locked --quiet; selaras=$PWD/target/release/selaras; }
work=$(mktemp -d)
simulator='' serving=''
leave() {
    for pid in $simulator $serving; do kill -INT "$pid" 2> /dev/null || true; done
    wait 2> /dev/null || true
    rm -rf "$work"
}
trap leave EXIT

# bkn PEOPLE: a BKN with so many people, its files and the configuration that reaches it.
bkn() {
    [ -z "$simulator" ] || { kill -INT "$simulator"; wait "$simulator" || true; }
    rm -rf "$work/files"
    "$selaras" --lang en simulate --employees "$1" --seed 7 --write "$work/files" --listen 127.0.0.1:0 > "$work/bkn.log" 2>&1 &
    simulator=$!
    until grep -q '^sso_password' "$work/bkn.log"; do
        kill -0 "$simulator" 2> /dev/null || { cat "$work/bkn.log" >&2; exit 1; }
        sleep 0.2
    done
    cat > "$work/selaras.toml" <<TOML
[store]
url = "sqlite://selaras.db"
[policy]
dir = "$home/config/policy"
$(sed -n '/^\[ekinerja.report\]/,$p' "$work/bkn.log")
[ekinerja.pace]
requests_per_second = 100000
burst = 1000
max_in_flight = 32
TOML
    rm -f "$work"/selaras.db*
    run import roster "$work/files/roster.csv" --period 2026-10
}

# value KEY: what the simulator says of it, in the order of the surfaces.
value() { sed -n "s/^$1 = \"\(.*\)\"\$/\1/p" "$work/bkn.log"; }

run() { "$selaras" --config "$work/selaras.toml" "$@" > "$work/out" 2> "$work/err" || [ $? = 3 ] || { cat "$work/err" >&2; exit 1; }; }

# seconds COMMAND...
seconds() {
    local start
    start=$(date +%s.%N)
    "$@"
    echo "$(date +%s.%N) $start" | awk '{ printf "%.3f\n", $1 - $2 }'
}

median() { sort -n | awk '{ v[NR] = $1 } END { printf "%.2f", v[int((NR + 1) / 2)] }'; }

as_before() { rm -f "$work"/selaras.db* && cp "$work"/before/* "$work"; }

# again COMMAND...: each time with the store as it is now.
again() {
    local each
    # The write-ahead log beside the file belongs to it.
    rm -rf "$work/before"
    mkdir "$work/before"
    cp "$work"/selaras.db* "$work/before"
    for each in $(seq "$runs"); do
        as_before
        seconds "$@"
    done | median
}

bulk() {
    bkn 50000
    echo "two lists of 50,000 rows, durable: $(again run sync --period 2026-10 --surface report) s"
}

by_nip() { SELARAS__EVIDENCE__PULL=identity run sync --period 2026-10 --surface siasn; }

peer() {
    local people=2000 ours theirs
    "$python" -c 'import dlt, duckdb' || { echo "dlt is missing: pip install 'dlt[duckdb]'" >&2; exit 1; }
    bkn "$people"
    ours=$(again by_nip)
    theirs=$(for each in $(seq "$runs"); do
        rm -rf "$work/dlt"
        mkdir "$work/dlt"
        "$python" benches/peer_dlt.py "$work/files/roster.csv" "$(value base_url | tail -n 1)" "$(value wso2_token_url)" "$(value consumer_key)" \
            "$(value consumer_secret)" demo-sso-token "$work/dlt"
    done | median)
    echo "$people people by NIP, durable: Selaras $ours s, dlt $theirs s: $(echo "$theirs $ours" | awk '{ printf "%.1f", $1 / $2 }') times faster"
}

million() {
    local empty full
    bkn 5000
    empty=$(again by_nip)
    as_before
    run sync --period 2026-10 --surface report
    # What lies there from other months: the same statements under years gone by.
    "$python" - "$work/selaras.db" <<'PY'
import sqlite3, sys
store = sqlite3.connect(sys.argv[1])
have, = store.execute("SELECT COUNT(*) FROM evidence").fetchone()
columns = "batch, kind, part, nip, state, body, locator, sha256, observed_at"
for number in range(1_000_000 // have + 1):
    year, month = 1990 + number // 12, number % 12 + 1
    store.execute(f"INSERT INTO evidence (span, {columns}) SELECT ?, {columns} FROM evidence WHERE seq <= ?", (f"{year}-{month:02}", have))
store.commit()
print(store.execute("SELECT COUNT(*) FROM evidence").fetchone()[0], "rows of evidence lie in the store")
PY
    full=$(again by_nip)
    echo "5,000 people by NIP: $empty s into an empty store, $full s beside them: $(echo "$full $empty" | awk '{ printf "%+.0f", 100 * ($1 / $2 - 1) }') %"
}

idle() {
    bkn 600
    run sync --period 2026-10
    for file in attendance:presensi.csv permits:izin.csv discipline:hukdis.csv; do
        run import "${file%%:*}" "$work/files/${file#*:}" --period 2026-10
    done
    run reconcile --period 2026-10
    printf '[web]\nlisten = "127.0.0.1:0"\n[sources]\ninbox = "%s"\n' "$work/inbox" >> "$work/selaras.toml"
    "$selaras" --config "$work/selaras.toml" serve > "$work/serve.log" 2>&1 &
    serving=$!
    sleep 60
    kill -0 "$serving" || { cat "$work/serve.log" >&2; exit 1; }
    echo "a daemon that has waited for a minute: $(awk '/VmRSS/ { print int($2 / 1024) }' "/proc/$serving/status") MB"
}

[ $# -gt 0 ] || set -- bulk peer million idle
echo "$(nproc) cores, $(uname -sr), load $(cut -d' ' -f1 /proc/loadavg), SQLite, median of $runs"
for part in "$@"; do "$part"; done
