#!/usr/bin/env bash
# First contentful paint and weight of every page, of docs/CLAIMS.md: a ministry of 2,000 people, a real Chromium beside the
# server on this machine, the cache empty each time, the median of five loads. Needs Chromium and cargo-nextest.
#
#   benches/paint.sh [CARGO OPTIONS]     the release build unless other options are given: `benches/paint.sh --locked` is the debug build
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- --release --locked
cargo nextest run "$@" --no-run
echo "$(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg), $(chromium --version 2> /dev/null || echo Chromium)"
cargo nextest run "$@" --run-ignored only --no-capture -E 'test(=web::paint::first_paint_of_every_page)' 2> /dev/null | grep '^|'
