"""The same core as peer_duckdb.py in polars, streamed.

Usage: peer_polars.py DIR POLICY PAYMENT
"""
import sys
import tomllib

import polars as pl

folder, policy, payment = sys.argv[1:4]
with open(policy, "rb") as file:
    tariff = tomllib.load(file)["tariff"]["class"]


def text(path, **more):
    return pl.scan_csv(path, infer_schema=False, **more)


def minute(column):
    head = pl.col(column).str.slice(0, 5)
    at = head.str.slice(0, 2).cast(pl.Int32, strict=False) * 60 + head.str.slice(3, 2).cast(pl.Int32, strict=False)
    return pl.when(head.is_in(["00:00", "23:59"])).then(None).otherwise(at)


def band(minutes):
    return (
        pl.when(minutes.is_null() | (minutes >= 91)).then(200).when(minutes >= 61).then(150)
        .when(minutes >= 31).then(100).when(minutes >= 1).then(50).otherwise(0)
    )


permits = (
    text(f"{folder}/izin.csv")
    .filter(pl.col("disetujui_oleh").is_not_null())
    .select("nip", day=pl.date_ranges(pl.col("mulai").str.to_date(), pl.col("selesai").str.to_date()))
    .explode("day")
    .unique()
)
late = pl.max_horizontal(pl.col("came") - 450, 0)
cuts = (
    text(f"{folder}/presensi.csv")
    .select("nip", "status", day=pl.col("tanggal").str.to_date(), came=minute("jam_masuk"), went=minute("jam_pulang"))
    .filter((pl.col("day").dt.weekday() <= 5) & ~pl.col("status").fill_null("").is_in(["CUTI", "TUGAS_BELAJAR", "LIBUR"]))
    .join(permits, on=["nip", "day"], how="anti")
    .with_columns(
        ends=pl.when(pl.col("day").dt.weekday() == 5).then(990).otherwise(960),
        raw=pl.when(pl.col("came").is_null()).then(None).otherwise(late),
    )
    .with_columns(
        late=pl.when(pl.col("raw") <= 90).then(0).otherwise(pl.col("raw")),
        early=pl.when(pl.col("went").is_null()).then(None).otherwise(
            pl.max_horizontal(pl.col("ends") + pl.when(pl.col("raw") <= 90).then(pl.col("raw")).otherwise(0) - pl.col("went"), 0)
        ),
        absent=(pl.col("status") == "TIDAK_HADIR").fill_null(False) | (pl.col("came").is_null() & pl.col("went").is_null()),
    )
    .group_by("nip")
    .agg(parts=pl.when(pl.col("absent")).then(400).otherwise(band(pl.col("late")) + band(pl.col("early"))).sum())
)
tariffs = pl.LazyFrame({"class": [int(key) for key in tariff], "amount": list(tariff.values())})
paid = (
    text(payment, separator="\t")
    .group_by(nip=pl.col("NIP"))
    .agg(paid=pl.col("Nilai Bersih").cast(pl.Int64, strict=False).sum())
)
share = 10000 - pl.min_horizontal(pl.col("parts").fill_null(0), 10000)
found = (
    text(f"{folder}/roster.csv")
    .with_columns(pl.col("kelas_jabatan").cast(pl.Int64).alias("class"))
    .join(cuts, on="nip", how="left")
    .join(tariffs, on="class", how="left")
    .join(paid, on="nip", how="left")
    .with_columns(net=pl.col("amount") * pl.when(pl.col("jenis_pegawai") == "CPNS").then(80).otherwise(100) * share // 1000000)
    .select(people=pl.len(), differing=pl.col("net").ne_missing(pl.col("paid")).sum())
    .collect(engine="streaming")
)
print(f"{found['people'][0]} people, {found['differing'][0]} nets differ")
