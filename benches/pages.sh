#!/usr/bin/env bash
# The pages of docs/CLAIMS.md with a large ministry at its worst: no assessor has assessed anybody, so nearly everybody is held and
# has a case. 20 users at once, first alone and then while a reconciliation of everybody runs; p50, p99 and the largest of each
# room, errors, sizes, and the memory of `serve`.
#
#   benches/pages.sh [PEOPLE]      default 200000, and as many cases
#
# Needs Python 3. SELARAS names another program than the release build.
set -euo pipefail
cd "$(dirname "$0")/.."
home=$PWD people=${1:-200000}
selaras=${SELARAS:-}
[ -n "$selaras" ] || { cargo build --release --locked --quiet; selaras=$PWD/target/release/selaras; }
work=$(mktemp -d)
serving=
trap '[ -z "$serving" ] || kill -INT "$serving" 2> /dev/null || true; wait 2> /dev/null || true; rm -rf "$work"' EXIT

"$selaras" --lang en simulate --employees "$people" --seed 7 --write "$work/files" --listen 127.0.0.1:0 > "$work/bkn.log" 2>&1 &
bkn=$!
until grep -q 'files are in' "$work/bkn.log"; do kill -0 "$bkn" 2> /dev/null || { cat "$work/bkn.log" >&2; exit 1; }; sleep 0.2; done
kill -INT "$bkn"; wait "$bkn" || true
cat > "$work/selaras.toml" <<TOML
[store]
url = "sqlite://$work/selaras.db"
[policy]
dir = "$home/config/policy"
[web]
listen = "127.0.0.1:0"
[sources]
inbox = "$work/inbox"
[schedule]
inbox = "off"
sources = "off"
sync = "off"
backup = "off"
reconcile = "off"
retention = "off"
notices = "off"
digest = "off"
TOML
run() { "$selaras" --config "$work/selaras.toml" "$@" > "$work/out" 2>&1 || [ $? = 3 ] || { cat "$work/out" >&2; exit 1; }; }
# What BKN's export says when nobody has been assessed yet: everybody is named, without a grade.
python3 - "$work/files/ekspor-bkn/Laporan Penilaian SKP.csv" <<'PY'
import sys
with open(sys.argv[1], encoding="utf-8-sig") as export:
    lines = [line.rstrip("\n").split(";") for line in export]
for cells in lines:
    if len(cells) > 22 and cells[0] != "jenis":
        cells[12] = cells[13] = cells[14] = cells[22] = ""
with open(sys.argv[1], "w") as export:
    export.writelines(";".join(cells) + "\n" for cells in lines)
PY
for file in roster:roster.csv attendance:presensi.csv permits:izin.csv discipline:hukdis.csv 'ekinerja:ekspor-bkn/Laporan Penilaian SKP.csv' \
    'ekinerja:ekspor-bkn/Laporan SKP.csv'; do
    run import "${file%%:*}" "$work/files/${file#*:}" --period 2026-10
done
run import payment "$work"/files/adk-tukin-*.xlsx --period 2026-10
run reconcile --period 2026-10
password=Kuda-Terbang-9312
for account in admin:sysadmin keu:keuangan sdm1:sdm sdm2:sdm; do
    printf '%s\n%s\n' "$password" "$password" | "$selaras" --config "$work/selaras.toml" user add "${account%%:*}" --role "${account#*:}" > /dev/null
done
# As many open findings as people are worked on: ten officers, a day for two of three, a line of history each, 500 waivers that wait.
# The rows of the views follow from them by the same statement as when a store is brought up to date.
python3 - "$work/selaras.db" "$people" "$home/migrations/sqlite" <<'PY'
import glob, re, sqlite3, sys
store = sqlite3.connect(sys.argv[1])
store.execute("""INSERT INTO finding_case (id, period, nip, code, subject, owner, deadline, version, opened_at)
    SELECT id, period, nip, code, subject, 'sdm' || (1 + row_number() OVER (ORDER BY id) % 10),
        CASE row_number() OVER (ORDER BY id) % 3 WHEN 0 THEN '2026-11-05' WHEN 1 THEN '2027-01-05' ELSE '' END, 1, last_seen
    FROM finding_state WHERE period = '2026-10' AND status = 'open' AND nip <> ''
    ORDER BY CASE code WHEN 'PR01' THEN 0 WHEN 'PE03' THEN 2 ELSE 1 END, id LIMIT ?""", (int(sys.argv[2]),))
store.execute("""INSERT INTO case_event (case_id, at, account, what, detail)
    SELECT id, opened_at, 'admin', 'assigned', '{"owner":"' || owner || '","before":""}' FROM finding_case ORDER BY id""")
store.execute("""INSERT INTO waiver (case_id, period, nip, reason, document, until, ends_at, evidence, asked_by, asked_at, decision, decided_by,
        decided_at, ended_at, ended_why)
    SELECT id, period, nip, 'Penilai dirawat', 'ND-1/SDM/2026', '2027-03-31', 1806339600000000, 'x', 'sdm2', opened_at, 'waiting', '', NULL, NULL, ''
    FROM finding_case WHERE code = 'PR01' ORDER BY id LIMIT 500""")
step = open(glob.glob(f"{sys.argv[3]}/*_case_views.sql")[0]).read()
store.execute(re.search(r"^INSERT INTO case_view .*?;$", step, re.M | re.S)[0])
store.commit()
print("cases:", store.execute("SELECT COUNT(*) FROM finding_case").fetchone()[0], "of",
    store.execute("SELECT COUNT(*) FROM finding_state WHERE status = 'open'").fetchone()[0], "open findings;",
    store.execute("SELECT COUNT(*) FROM case_view").fetchone()[0], "rows in views")
PY
"$selaras" --config "$work/selaras.toml" serve > "$work/serve.log" 2>&1 &
serving=$!
until grep -qo 'http://[^ ]*masuk[^ ]*' "$work/serve.log"; do kill -0 "$serving" || { cat "$work/serve.log" >&2; exit 1; }; sleep 0.1; done
address=$(grep -o 'http://[0-9.:]*' "$work/serve.log" | head -n 1)
echo "$(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg), $people people, SQLite"
echo "== nothing else running"
python3 benches/pages_users.py "$address" "$password" "$serving" 30
echo "== while everybody is reconciled"
"$selaras" --config "$work/selaras.toml" reconcile --period 2026-10 --full > "$work/full.log" 2>&1 &
full=$!
python3 benches/pages_users.py "$address" "$password" "$serving" 30
wait "$full" || true
