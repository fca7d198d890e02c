#!/usr/bin/env bash
# The pages of docs/CLAIMS.md with a large ministry: 20 users at once while a reconciliation of everybody runs; p50, p99 and the
# largest of each room, errors, sizes, and the memory of `serve`.
#
#   benches/pages.sh [PEOPLE]      default 200000
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
for file in roster:roster.csv attendance:presensi.csv permits:izin.csv discipline:hukdis.csv 'ekinerja:ekspor-bkn/Laporan Penilaian SKP.csv' \
    'ekinerja:ekspor-bkn/Laporan SKP.csv'; do
    run import "${file%%:*}" "$work/files/${file#*:}" --period 2026-10
done
run import payment "$work"/files/adk-tukin-*.xlsx --period 2026-10
run reconcile --period 2026-10
"$selaras" --config "$work/selaras.toml" serve > "$work/serve.log" 2>&1 &
serving=$!
until grep -qo 'http://[^ ]*masuk[^ ]*' "$work/serve.log"; do kill -0 "$serving" || { cat "$work/serve.log" >&2; exit 1; }; sleep 0.1; done
link=$(grep -o 'http://[^ ]*masuk[^ ]*' "$work/serve.log" | head -n 1)

cat > "$work/users.py" <<'PY'
import collections, http.client, re, sys, threading, time, urllib.parse
link, pid, seconds, users = sys.argv[1], sys.argv[2], float(sys.argv[3]), 20
at = urllib.parse.urlsplit(link)

def ask(connection, path, cookie):
    began = time.perf_counter()
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    body = answer.read()
    return time.perf_counter() - began, answer.status, body, answer

first = http.client.HTTPConnection(at.netloc)
first.request("GET", f"{at.path}?{at.query}")
answer = first.getresponse(); answer.read()
cookie = answer.getheader("set-cookie").split(";")[0]
took, _, body, _ = ask(first, "/?periode=2026-10", cookie)
print(f"first Beranda after the start: {took * 1000:.0f} ms")
people = re.findall(r'href="(/pegawai/[^"]+)"', ask(first, "/keuangan?periode=2026-10", cookie)[2].decode())
groups = [link.replace("&#38;", "&") for link in re.findall(r'href="(/sdm/kelompok[^"]+)"', ask(first, "/sdm?periode=2026-10", cookie)[2].decode())]
rooms = {
    "Beranda": ["/?periode=2026-10"],
    "Keuangan, search": ["/keuangan?periode=2026-10&cari=budi", "/keuangan?periode=2026-10&cari=santoso", "/keuangan?periode=2026-10&cari=1985",
                         "/keuangan?periode=2026-10&putusan=tertahan", "/keuangan?periode=2026-10&kode=AB05", "/keuangan?periode=2026-10&cari=tidakada"],
    "SDM": ["/sdm?periode=2026-10"], "SDM, one group": groups[:10] or ["/sdm?periode=2026-10"],
    "Pegawai": [person.replace("&#38;", "&") for person in people[:40]],
}
taken, wrong, sizes = collections.defaultdict(list), collections.Counter(), collections.defaultdict(int)
end = time.time() + seconds

def user(number):
    connection = http.client.HTTPConnection(at.netloc, timeout=60)
    turn = number
    while time.time() < end:
        names = list(rooms)
        name = names[turn % len(names)]
        path = rooms[name][(turn // len(names)) % len(rooms[name])]
        turn += 1
        try:
            took, status, body, _ = ask(connection, path, cookie)
        except OSError:
            wrong["broken connection"] += 1
            connection = http.client.HTTPConnection(at.netloc, timeout=60)
            continue
        taken[name].append(took)
        sizes[name] = max(sizes[name], len(body))
        if status != 200:
            wrong[f"{status} {path}"] += 1
        # A person reads a while.
        time.sleep(0.2)

threads = [threading.Thread(target=user, args=(number * 7,)) for number in range(users)]
[thread.start() for thread in threads]; [thread.join() for thread in threads]
for name, all_taken in taken.items():
    all_taken.sort()
    at_part = lambda part: all_taken[min(len(all_taken) - 1, int(len(all_taken) * part))] * 1000
    print(f"{name:<18} {len(all_taken):>6} answers  p50 {at_part(.5):6.1f} ms  p99 {at_part(.99):7.1f} ms  largest {all_taken[-1] * 1000:7.1f} ms  {sizes[name] / 1000:6.1f} kB")
print("errors:", dict(wrong) or "none")
status = open(f"/proc/{pid}/status").read()
print("memory of serve:", re.search(r"VmHWM:\s+(\d+)", status)[1], "kB at most")
PY
echo "$(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg), $people people, SQLite"
echo "== nothing else running"
python3 "$work/users.py" "$link" "$serving" 20
echo "== while everybody is reconciled"
"$selaras" --config "$work/selaras.toml" reconcile --period 2026-10 --full > "$work/full.log" 2>&1 &
full=$!
python3 "$work/users.py" "$link" "$serving" 20
wait "$full" || true
