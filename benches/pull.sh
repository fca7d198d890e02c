#!/usr/bin/env bash
# A pull of many people one by one, against a stand-in for BKN that answers after 50 ms, lets 200 requests a second
# through and fails two in a hundred: how much of the quota is used, how often it is exceeded, and who is missing.
#
#   benches/pull.sh [PEOPLE] [RATE]      default 20000 198
#
# RATE is what Selaras is told (requests_per_second): a hundredth below the quota, for what the network and the timers
# of both sides move about. SELARAS names another program than the release build.
set -euo pipefail
cd "$(dirname "$0")/.."
home=$PWD people=${1:-20000} rate=${2:-198} quota=200
selaras=${SELARAS:-}
[ -n "$selaras" ] || { cargo build --release --locked --quiet; selaras=$PWD/target/release/selaras; }
work=$(mktemp -d)
simulator=
trap '[ -z "$simulator" ] || kill -INT "$simulator" 2> /dev/null || true; rm -rf "$work"' EXIT

"$selaras" --lang en simulate --employees "$people" --seed 7 --faults quota --write "$work/files" --listen 127.0.0.1:0 > "$work/bkn.log" 2>&1 &
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
[evidence]
pull = ["identity"]
$(sed -n '/^\[ekinerja.siasn\]/,$p' "$work/bkn.log")
[ekinerja.pace]
requests_per_second = $rate
burst = 1
max_in_flight = 32
TOML
"$selaras" --config "$work/selaras.toml" import roster "$work/files/roster.csv" --period 2026-10 > /dev/null 2>&1
start=$(date +%s.%N)
"$selaras" --config "$work/selaras.toml" sync --period 2026-10 --surface siasn --as json > "$work/pull.json" 2> "$work/err" ||
    [ $? = 3 ] || { cat "$work/err" >&2; exit 1; }
took=$(echo "$(date +%s.%N) $start" | awk '{ print $1 - $2 }')
# Which requests fail is fixed (the third of every fifty), so what is asked beyond them was refused for the quota.
python3 - "$work/pull.json" "$work/files/truth.json" "$took" "$quota" <<'PY'
import json, sys

pulled, truth = (json.load(open(path)) for path in sys.argv[1:3])
took, quota = float(sys.argv[3]), float(sys.argv[4])
items, requests = pulled["items"], pulled["requests"]
faults = (requests + 47) // 50
refused = requests - items["planned"] - faults
gaps = sum(planted["code"] == "SR02" for planted in truth["planted"])
print(f"{items['planned']} people, {requests} requests in {took:.1f} s: {requests / took:.1f} a second,",
      f"{100 * requests / took / quota:.1f} % of the quota; {faults} failed and were repeated, {refused} exceeded the quota,",
      f"{items['planned'] - items['done'] - gaps} missing (and {gaps} whom BKN never knows)")
PY
