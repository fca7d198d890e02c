"""Writes the simulator's ADK workbook as tab-separated text: adk_text.py ADK.xlsx ADK.txt"""
import re
import sys
import zipfile
from html import unescape

source, target = sys.argv[1:3]
cell = re.compile(r'<c r="([A-Z]+)\d+"[^>]*?(?:/>|>(?:<is><t[^>]*>(.*?)</t></is>|<v>(.*?)</v>)?</c>)')
sheet = zipfile.ZipFile(source).read("xl/worksheets/sheet1.xml").decode()
with open(target, "w", newline="") as out:
    for row in re.finditer(r"<row [^>]*>(.*?)</row>", sheet):
        values = [""] * 21
        for column, text, number in cell.findall(row[1]):
            values[ord(column) - 65] = unescape(text) if text else number.removesuffix(".0")
        out.write("\t".join(values) + "\n")
