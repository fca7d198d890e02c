"""The same people by NIP with dlt: 32 requests at once, into DuckDB; prints the seconds.

peer_dlt.py ROSTER BASE_URL TOKEN_URL KEY SECRET SSO_TOKEN FOLDER
"""
import csv, os, sys, time

roster, base, token_url, key, secret, sso, folder = sys.argv[1:]
os.environ.update({"EXTRACT__WORKERS": "32", "EXTRACT__MAX_PARALLEL_ITEMS": "64", "RUNTIME__LOG_LEVEL": "ERROR",
                   "RUNTIME__DLTHUB_TELEMETRY": "false", "NORMALIZE__WORKERS": "1"})
import dlt, duckdb
import requests

with open(roster, encoding="utf-8-sig", newline="") as lines:
    nips = [row["nip"].strip() for row in csv.DictReader(lines, delimiter=",")]

began = time.perf_counter()
session = requests.Session()
session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=32))
token = session.post(token_url, data={"grant_type": "client_credentials"}, auth=(key, secret)).json()["access_token"]
headers = {"Authorization": f"Bearer {token}", "Auth": f"bearer {sso}", "Accept": "application/json"}


@dlt.resource
def people():
    yield from nips


@dlt.transformer(data_from=people, parallelized=True, max_table_nesting=0)
def identity(nip):
    answer = session.get(f"{base}/pns/data-utama/{nip}", headers=headers)
    try:
        data = answer.json().get("data")
    except requests.exceptions.JSONDecodeError:
        return  # one of the forms of "no data"
    if isinstance(data, dict):
        yield data


pipeline = dlt.pipeline("bkn", destination=dlt.destinations.duckdb(os.path.join(folder, "peer.duckdb")), dataset_name="bkn",
                        pipelines_dir=os.path.join(folder, "pipelines"))
pipeline.run(people | identity, table_name="identity").raise_on_failed_jobs()
took = time.perf_counter() - began
rows, = duckdb.connect(os.path.join(folder, "peer.duckdb")).execute("SELECT COUNT(*) FROM bkn.identity").fetchone()
assert rows > 0.95 * len(nips), (rows, len(nips))
print(f"{took:.3f}")
