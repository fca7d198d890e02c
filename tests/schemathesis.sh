#!/usr/bin/env bash
# Asks a real server whatever its OpenAPI document allows, and more, with a token of each role: no answer may be an error
# of ours, and none may be one that the document does not promise.
#
#   tests/schemathesis.sh [EXAMPLES [ROLE...]]      how many questions for each request and phase (30); of which roles (all)
#
# Needs: a built target/debug/selaras (or SELARAS=path), and schemathesis (`pip install schemathesis`, or SCHEMATHESIS=path).
set -euo pipefail
cd "$(dirname "$0")/.."

examples=${1:-30}
shift || true
roles=("$@")
[[ ${#roles[@]} -gt 0 ]] || roles=(keuangan sdm sysadmin auditor)
selaras=${SELARAS:-target/debug/selaras}
st=${SCHEMATHESIS:-$(command -v schemathesis || command -v st || true)}
if [[ -z $st || ! -x $st ]]; then
    echo "schemathesis is not here: pip install schemathesis, or name it in SCHEMATHESIS" >&2
    exit 2
fi
if [[ ! -x $selaras ]]; then
    echo "$selaras is not here: cargo build" >&2
    exit 2
fi

folder=$(mktemp -d)
daemon=
# Only what this script has started ends here.
trap '[[ -z $daemon ]] || kill "$daemon" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$folder"' EXIT

"$selaras" demo --once --employees 60 --seed 3 --data "$folder/demo" >"$folder/demo.log" 2>&1 || { cat "$folder/demo.log" >&2; exit 1; }
config=$(find "$folder/demo" -name 'selaras.toml' | head -n 1)
[[ -n $config ]] || { echo "the demo has left no configuration in $folder/demo" >&2; exit 1; }
port=$((20000 + RANDOM % 20000))
export SELARAS__WEB__LISTEN=127.0.0.1:$port
# Nothing is to be pulled or reconciled while it is asked.
for job in SYNC INBOX SOURCES RECONCILE BACKUP RETENTION NOTICES DIGEST; do export "SELARAS__SCHEDULE__$job=off"; done

# RFC 6585 has a status of its own for a change that does not say what it has seen.
printf '[checks]\nmissing_required_header.expected-statuses = ["400", "401", "403", "406", "415", "422", "428"]\n' >"$folder/schemathesis.toml"

failed=0
for role in sysadmin keuangan sdm auditor; do
    printf 'kuda baterai stapler\n' | "$selaras" --config "$config" user add "st-$role" --role "$role" >/dev/null
done
"$selaras" --config "$config" serve >"$folder/serve.log" 2>&1 &
daemon=$!
for _ in $(seq 100); do
    curl -fsS "http://127.0.0.1:$port/readyz" >/dev/null 2>&1 && break
    sleep 0.1
done
for role in "${roles[@]}"; do
    token=$("$selaras" --config "$config" token add schemathesis --account "st-$role" --days 1 | grep -o 'selaras_[0-9a-f]*' | head -n 1)
    echo "== $role"
    # A token is given 600 requests at once and 20 a second: who asks no faster is never told to wait.
    # A cursor or a file may be of the right form and still be none: such a refusal is right, whatever the form says.
    "$st" --config-file "$folder/schemathesis.toml" run "http://127.0.0.1:$port/api/openapi.json" --header "Authorization: Bearer $token" \
        --max-examples "$examples" --rate-limit 18/s --workers 1 --generation-deterministic \
        --exclude-checks positive_data_acceptance || failed=1
done
if grep -n -i 'panicked' "$folder/serve.log"; then failed=1; fi
exit $failed
