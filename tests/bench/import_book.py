"""Writes the workbook of the import bench: 20 000 people in 12 columns, 1 % of them with something wrong. All invented."""
import random
import sys

from openpyxl import Workbook

WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
HEADS = ["户编号", "姓名", "证件号码", "与户主关系", "民族", "文化程度", "健康状况", "劳动技能", "户类型", "自然村", "户联系电话", "务工时间（月）"]


def id_number(nth):
    digits = f"990101{1940 + nth % 60}{1 + nth // 60 % 12:02d}{1 + nth // 720 % 28:02d}{nth % 1000:03d}"
    return digits + "10X98765432"[sum(int(d) * w for d, w in zip(digits, WEIGHTS)) % 11]


def rows(count):
    dice = random.Random(2026)
    given = "国华建军小妹春花秋月文武志远明德彩云桂香大海长福"
    for nth in range(count):
        household, place = divmod(nth, 4)
        surname = "石潘韦覃莫罗蒙梁黄李"[household % 10]
        row = [f"99010{household:05d}", surname + given[dice.randrange(24)] + given[dice.randrange(24)], id_number(nth), ["户主", "配偶", "之子", "之女"][place],
               dice.choice(["壮族", "侗族", "苗族", "汉族"]), dice.choice(["小学", "初中", "高中"]), dice.choice(["健康", "健康", "长期慢性病"]), "普通劳动力",
               "一般农户", dice.choice(["上屯", "下屯", "木楼屯"]), f"139{household:08d}", dice.randrange(12)]
        if nth % 100 == 57:
            fault = nth // 100 % 3
            row[2] = ["9.90101E+17", row[2][:15], row[2][:15] + "000"][fault]
        yield row


book = Workbook(write_only=True)
sheet = book.create_sheet("名单")
sheet.append(["石门村人口名单"])
sheet.append(HEADS)
for row in rows(int(sys.argv[2])):
    sheet.append(row)
book.save(sys.argv[1])
