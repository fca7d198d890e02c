"""The core of the reckoning in DuckDB, for comparison of speed: days, permits, bands, sums, tariff, net, compare.

Usage: peer_duckdb.py DIR POLICY PAYMENT

It leaves out what the core does not need: BKN's predikat, punishments, documents of leave, banks, refusals with their
places, the evidence of findings. Prints how many people there are and how many nets differ.
"""
import sys
import tomllib

import duckdb

folder, policy, payment = sys.argv[1:4]
with open(policy, "rb") as file:
    tariff = tomllib.load(file)["tariff"]["class"]

db = duckdb.connect()
db.execute("SET threads = 2")
db.execute("CREATE TABLE tariff (class INTEGER, amount BIGINT)")
db.executemany("INSERT INTO tariff VALUES (?, ?)", [[int(key), value] for key, value in tariff.items()])
text = "header = true, all_varchar = true, quote = '\"'"
people, differing = db.execute(f"""
WITH day AS (
    SELECT nip, CAST(tanggal AS DATE) AS day, status,
        CASE WHEN jam_masuk IS NULL OR substr(jam_masuk, 1, 5) IN ('00:00', '23:59') THEN NULL
            ELSE CAST(substr(jam_masuk, 1, 2) AS INTEGER) * 60 + CAST(substr(jam_masuk, 4, 2) AS INTEGER) END AS came,
        CASE WHEN jam_pulang IS NULL OR substr(jam_pulang, 1, 5) IN ('00:00', '23:59') THEN NULL
            ELSE CAST(substr(jam_pulang, 1, 2) AS INTEGER) * 60 + CAST(substr(jam_pulang, 4, 2) AS INTEGER) END AS went
    FROM read_csv('{folder}/presensi.csv', {text})
), permit AS (
    SELECT DISTINCT nip, unnest(range(CAST(mulai AS DATE), CAST(selesai AS DATE) + 1, INTERVAL 1 DAY)) AS day
    FROM read_csv('{folder}/izin.csv', {text}) WHERE disetujui_oleh IS NOT NULL
), duty AS (
    SELECT day.*, CASE WHEN dayofweek(day.day) = 5 THEN 990 ELSE 960 END AS ends
    FROM day LEFT JOIN permit ON permit.nip = day.nip AND CAST(permit.day AS DATE) = day.day
    WHERE permit.nip IS NULL AND dayofweek(day.day) BETWEEN 1 AND 5
        AND coalesce(status, '') NOT IN ('CUTI', 'TUGAS_BELAJAR', 'LIBUR')
), raw AS (
    SELECT nip, came, went, status, ends, greatest(came - 450, 0) AS late FROM duty
), minutes AS (
    -- who comes at most 90 minutes late may make up for it on the same day
    SELECT nip, came, went, status = 'TIDAK_HADIR' OR (came IS NULL AND went IS NULL) AS absent,
        CASE WHEN late > 90 THEN late ELSE 0 END AS late,
        greatest(ends + CASE WHEN late <= 90 THEN late ELSE 0 END - went, 0) AS early
    FROM raw
), cut AS (
    SELECT nip, sum(CASE WHEN absent THEN 400
        ELSE (CASE WHEN came IS NULL THEN 200 WHEN late >= 91 THEN 200 WHEN late >= 61 THEN 150 WHEN late >= 31 THEN 100 WHEN late >= 1 THEN 50 ELSE 0 END)
           + (CASE WHEN went IS NULL THEN 200 WHEN early >= 91 THEN 200 WHEN early >= 61 THEN 150 WHEN early >= 31 THEN 100 WHEN early >= 1 THEN 50 ELSE 0 END)
        END) AS parts
    FROM minutes GROUP BY nip
), due AS (
    SELECT roster.nip, tariff.amount * (CASE WHEN jenis_pegawai = 'CPNS' THEN 80 ELSE 100 END)
        * (10000 - least(coalesce(parts, 0), 10000)) // 1000000 AS net
    FROM read_csv('{folder}/roster.csv', {text}) AS roster
    LEFT JOIN cut USING (nip) LEFT JOIN tariff ON tariff.class = CAST(kelas_jabatan AS INTEGER)
), paid AS (
    SELECT nip, sum(CAST(nilai_bersih AS BIGINT)) AS net FROM read_csv('{payment}', delim = '\t', normalize_names = true, {text}) GROUP BY nip
)
SELECT count(*), count(*) FILTER (WHERE due.net IS DISTINCT FROM paid.net) FROM due LEFT JOIN paid USING (nip)
""").fetchone()
print(f"{people} people, {differing} nets differ")
