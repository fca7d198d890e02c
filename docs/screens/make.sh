#!/usr/bin/env bash
# Writes the screenshots in this folder: the demo ministry, wide and 360 px. Needs Chromium and cargo-nextest.
set -euo pipefail
cd "$(dirname "$0")/../.."
cargo nextest run --run-ignored only -E 'test(web::browser::screens)'
