#!/usr/bin/env bash
# A real PostgreSQL for the tests, on a unix socket, with throw-away data.
#
#   tests/postgres.sh run -- CMD...   starts it, runs CMD with SELARAS_TEST_POSTGRES_URL, stops it
#   tests/postgres.sh start           starts it unless it runs, prints the URL; it stops itself when idle
#   tests/postgres.sh stop            stops it and deletes its data
#   tests/postgres.sh url             prints the URL
#
# Tests start it by themselves ("start") when the variable is not set.
set -euo pipefail

here=$(cd "$(dirname "$0")/.." && pwd)
home=${SELARAS_TEST_POSTGRES_HOME:-${TMPDIR:-/tmp}/selaras-pg-$(id -u)-$(printf %s "$here" | cksum | cut -d' ' -f1)}
url="postgres://selaras@localhost/postgres?host=${home//\//%2F}"
idle_seconds=120

find_bin() {
    local found
    for found in "$(command -v postgres 2>/dev/null || true)" /usr/local/bin/postgres /usr/lib/postgresql/*/bin/postgres /usr/pgsql-*/bin/postgres; do
        if [ -x "$found" ]; then
            found=$(readlink -f "$found")
            if [ -x "$(dirname "$found")/initdb" ]; then dirname "$found"; return; fi
        fi
    done
    echo "PostgreSQL is not installed: the tests need 'initdb' and 'postgres' (Debian: apt install postgresql)" >&2
    return 1
}

# PostgreSQL refuses to run as root.
as_owner() {
    if [ "$(id -u)" = 0 ]; then
        local user=nobody
        id postgres >/dev/null 2>&1 && user=postgres
        if command -v setpriv >/dev/null; then
            setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups -- env HOME="$home" "$@"
        else
            runuser -u "$user" -- env HOME="$home" "$@"
        fi
    else
        "$@"
    fi
}

runs() { [ -S "$home/.s.PGSQL.5432" ] && as_owner "$bin/pg_ctl" -D "$home/data" status >/dev/null 2>&1; }

start() {
    mkdir -p "$home"
    [ "$(id -u)" != 0 ] || chown "$(id -u postgres 2>/dev/null || id -u nobody)" "$home"
    touch "$home/used" && chmod 666 "$home/used"
    exec 9>"$home.lock"
    flock 9
    if ! runs; then
        rm -rf "$home/data"
        (
            cd "$home"
            as_owner "$bin/initdb" -D "$home/data" -U selaras -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$home/initdb.log" 2>&1 ||
                as_owner "$bin/initdb" -D "$home/data" -U selaras -A trust -E UTF8 --locale=C --no-sync >"$home/initdb.log" 2>&1
            as_owner "$bin/pg_ctl" -D "$home/data" -w -t 60 -l "$home/data/server.log" start \
                -o "-c listen_addresses='' -c unix_socket_directories='$home' -c fsync=off -c synchronous_commit=off \
                    -c full_page_writes=off -c max_connections=400 -c shared_buffers=64MB" >"$home/start.log" 2>&1 9>&-
        ) || { cat "$home"/initdb.log "$home"/start.log "$home"/data/server.log >&2 2>/dev/null || true; echo "PostgreSQL did not start" >&2; exit 1; }
        setsid "$0" watch </dev/null >/dev/null 2>&1 9>&- &
    fi
    exec 9>&-
}

stop() {
    exec 9>"$home.lock"
    flock 9
    if runs; then (cd "$home" && as_owner "$bin/pg_ctl" -D "$home/data" -m immediate -w stop >/dev/null 2>&1) || true; fi
    rm -rf "$home"
    exec 9>&-
}

# Stops the server when no test has touched it for a while and nobody is connected.
watch() {
    while sleep 10; do
        runs || exit 0
        # "run" stops the server itself, however long its command takes.
        [ ! -f "$home/held" ] || ! kill -0 "$(cat "$home/held")" 2>/dev/null || continue
        [ $(($(date +%s) - $(stat -c %Y "$home/used"))) -gt $idle_seconds ] || continue
        clients=$(as_owner "$bin/psql" -h "$home" -U selaras -d postgres -Atc \
            "SELECT COUNT(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()" 2>/dev/null || echo 0)
        [ "$clients" = 0 ] && stop && exit 0
    done
}

case "${1:-}" in
start) bin=$(find_bin) && start && echo "$url" ;;
stop) bin=$(find_bin) && stop ;;
watch) bin=$(find_bin) && watch ;;
url) echo "$url" ;;
run)
    shift
    [ "${1:-}" != -- ] || shift
    bin=$(find_bin)
    start
    echo $$ >"$home/held"
    trap stop EXIT
    SELARAS_TEST_POSTGRES_URL=$url "$@"
    ;;
*)
    sed -n '2,11s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
