"""The import bench's peer: read a workbook (pandas with python-calamine, or openpyxl), the same checks, sqlite3 with the same
durability and a line in a change log for each household. `import_peer.py pandas|openpyxl BOOK DATABASE`."""
import datetime as dt
import json
import os
import re
import sqlite3
import sys
import unicodedata
import uuid

WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
RELATIONS = {"户主": "head", "配偶": "spouse", "之子": "son", "之女": "daughter"}
EDUCATION = {"小学": "primary", "初中": "junior", "高中": "senior"}
HEALTH = {"健康": "healthy", "长期慢性病": "chronic"}
LABOUR = {"普通劳动力": "ordinary"}
TYPES = {"一般农户": "general", "脱贫户": "lifted"}
PHONE = re.compile(r"^1[3-9]\d{9}$|^0\d{2,3}-?\d{7,8}$")
TODAY = dt.date.today()


def read(how, path):
    if how == "pandas":
        import pandas
        frame = pandas.read_excel(path, engine="calamine", header=1, dtype=str, keep_default_na=False)
        return frame.to_dict("records")
    from openpyxl import load_workbook
    lines = load_workbook(path, read_only=True, data_only=True).worksheets[0].iter_rows(min_row=2, values_only=True)
    heads = next(lines)
    return [dict(zip(heads, ("" if cell is None else str(cell) for cell in line))) for line in lines]


def fold(text):
    return "".join(unicodedata.normalize("NFKC", text).split())


def check_id(text):
    text = fold(text).upper()
    if re.fullmatch(r"\d(\.\d+)?E\+?\d+", text):
        return text, "id_damaged"
    if not re.fullmatch(r"\d{17}[\dX]", text):
        return text, "id_shape"
    try:
        birth = dt.date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return text, "id_shape"
    if not dt.date(1900, 1, 1) <= birth <= TODAY:
        return text, "id_shape"
    fits = "10X98765432"[sum(int(d) * w for d, w in zip(text, WEIGHTS)) % 11] == text[17]
    if not fits and text.endswith("000"):
        return text, "id_damaged"
    return text, None if fits else "id_check_digit"


def member(row, seen):
    number, fault = check_id(row["证件号码"])
    relation = RELATIONS.get(fold(row["与户主关系"]))
    if fault in ("id_damaged", "id_shape") or relation is None or number in seen:
        return None, fault or "duplicate_person"
    seen.add(number)
    months = int(float(row["务工时间（月）"] or 0))
    if not 0 <= months <= 12:
        return None, "out_of_range"
    return {
        "id": str(uuid.uuid4()), "name": fold(row["姓名"]), "relation": relation, "id_number": number, "sex": "male" if int(number[16]) % 2 else "female",
        "birth": f"{number[6:10]}-{number[10:12]}-{number[12:14]}", "ethnicity": unicodedata.normalize("NFC", row["民族"]), "education": EDUCATION.get(fold(row["文化程度"]), ""),
        "health": json.dumps([HEALTH[fold(row["健康状况"])]]), "labour": LABOUR.get(fold(row["劳动技能"]), ""), "work_months": months,
    }, None


def main(how, book, path):
    if os.path.exists(path):
        os.remove(path)
    base = sqlite3.connect(path)
    base.executescript("""PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
        CREATE TABLE household (id TEXT PRIMARY KEY, ext_no TEXT, hamlet TEXT, phone TEXT, type TEXT, created_at TEXT, version INTEGER);
        CREATE UNIQUE INDEX household_ext_no ON household (ext_no);
        CREATE TABLE member (household_id TEXT, position INTEGER, id TEXT PRIMARY KEY, name TEXT, relation TEXT, id_number TEXT, sex TEXT, birth TEXT,
            ethnicity TEXT, education TEXT, health TEXT, labour TEXT, work_months INTEGER);
        CREATE INDEX member_household ON member (household_id, position);
        CREATE INDEX member_id_number ON member (id_number);
        CREATE INDEX member_name ON member (name);
        CREATE TABLE change (seq INTEGER, position INTEGER, kind TEXT, record_id TEXT, version INTEGER, after TEXT, PRIMARY KEY (seq, position));""")
    known = {row[0]: row[1] for row in base.execute("SELECT ext_no, id FROM household")}
    seen = {row[0] for row in base.execute("SELECT id_number FROM member")}
    groups, bad, number = {}, [], 2
    for row in read(how, book):
        number += 1
        groups.setdefault(fold(row["户编号"]), []).append((number, row))
    new = 0
    with base:
        for position, (ext_no, rows) in enumerate(groups.items()):
            members = []
            for at, row in rows:
                person, fault = member(row, seen)
                if person is None:
                    bad.append((at, fault))
                else:
                    members.append((at, person))
            if sum(person["relation"] == "head" for _, person in members) != 1 or ext_no in known:
                bad.extend((at, "household_refused") for at, _ in members)
                continue
            first = rows[0][1]
            phone = fold(first["户联系电话"])
            if not PHONE.match(phone):
                bad.append((rows[0][0], "phone_shape"))
            household = {"id": str(uuid.uuid4()), "ext_no": ext_no, "hamlet": fold(first["自然村"]), "phone": phone, "type": TYPES[fold(first["户类型"])],
                         "created_at": dt.datetime.now(dt.timezone.utc).isoformat()}
            base.execute("INSERT INTO household VALUES (:id, :ext_no, :hamlet, :phone, :type, :created_at, 1)", household)
            base.executemany("INSERT INTO member VALUES (:household_id, :position, :id, :name, :relation, :id_number, :sex, :birth, :ethnicity, :education, :health, :labour, :work_months)",
                             [dict(person, household_id=household["id"], position=place) for place, (_, person) in enumerate(members)])
            base.execute("INSERT INTO change VALUES (1, ?, 'household', ?, 1, ?)",
                         (position, household["id"], json.dumps(dict(household, members=[person for _, person in members]), ensure_ascii=False)))
            new += len(members)
    print(new, len(bad))


main(*sys.argv[1:4])
