"""Words and numbers to fill generated tables with, and the fonts to set them in."""

from __future__ import annotations

from functools import lru_cache
from random import Random

from PIL import ImageFont

from benchmarks.generated_tables.style import Script

_WORDS = {
    Script.LATIN: (
        "region total share growth output labour energy transport harbour forest cattle wheat "
        "copper export import price volume index quarter annual mean median rate change budget "
        "Bergen Porto Tallinn Graz Namur Vilnius Łódź Århus Besançon Málaga Göteborg Zürich "
        "households workers students vehicles hospitals schools services revenue grants loans"
    ),
    Script.CYRILLIC: (
        "область всего доля рост выпуск труд энергия транспорт порт лес пшеница медь вывоз ввоз "
        "цена объём индекс квартал год среднее ставка бюджет Москва Казань Омск Тверь Пермь "
        "школы больницы услуги доход займы рабочие студенты машины"
    ),
    Script.GREEK: (
        "περιοχή σύνολο μερίδιο αύξηση εργασία ενέργεια λιμάνι δάσος σιτάρι χαλκός τιμή όγκος "
        "δείκτης τρίμηνο έτος μέσος ρυθμός δαπάνη Αθήνα Πάτρα Βόλος Χανιά σχολεία έσοδα δάνεια"
    ),
    Script.CHINESE: (
        "地区 合计 比例 增长 产量 劳动力 能源 交通 港口 森林 小麦 铜 出口 进口 价格 数量 指数 季度 "
        "年度 平均 变化 预算 北京 上海 广州 成都 武汉 学校 医院 服务 收入 贷款 工人 学生 车辆"
    ),
}

# File names by which Pillow finds a font among the system's; the first of a script is plain.
_FONT_FILES = {
    Script.LATIN: (
        "LiberationSans-Regular.ttf",
        "LiberationSerif-Regular.ttf",
        "DejaVuSans.ttf",
        "DejaVuSerif.ttf",
        "LiberationSansNarrow-Regular.ttf",
        "LiberationMono-Regular.ttf",
        "LiberationSans-Bold.ttf",
        "C059-Roman.otf",
        "P052-Roman.otf",
    ),
    Script.CYRILLIC: (
        "LiberationSans-Regular.ttf",
        "LiberationSerif-Regular.ttf",
        "DejaVuSans.ttf",
        "DejaVuSerif.ttf",
    ),
    Script.GREEK: ("LiberationSans-Regular.ttf", "LiberationSerif-Regular.ttf", "DejaVuSans.ttf"),
    Script.CHINESE: ("NotoSansCJK-Regular.ttc", "NotoSerifCJK-Regular.ttc"),
}

VALUE_KINDS = ("integer", "thousands", "decimal", "percent", "money", "date", "code")


def font_for(script: Script, number: int, size: int) -> ImageFont.FreeTypeFont | None:
    """The script's font of that number (modulo how many there are), None where it has none."""
    files = _installed(script)
    if files:
        return ImageFont.truetype(files[number % len(files)], size)
    if script is Script.LATIN:
        return ImageFont.load_default(size)  # type: ignore[return-value]
    return None


@lru_cache
def _installed(script: Script) -> tuple[str, ...]:
    return tuple(name for name in _FONT_FILES[script] if _is_installed(name))


def _is_installed(name: str) -> bool:
    try:
        ImageFont.truetype(name, 10)
    except OSError:
        return False
    return True


def words(random: Random, script: Script, count: int) -> str:
    """Some words, the first capitalised; Chinese ones run together."""
    joint = "" if script is Script.CHINESE else " "
    text = joint.join(random.choices(_WORDS[script].split(), k=count))
    return text[0].upper() + text[1:]


def value(random: Random, kind: str) -> str:
    """A number or code of one of `VALUE_KINDS`, now and then a lone dash."""
    if random.random() < 0.05:
        return random.choice(("-", "–"))
    amount = random.choice((random.uniform(0, 10), random.uniform(0, 1000), random.uniform(0, 1e6)))
    match kind:
        case "integer":
            return str(random.randrange(10 ** random.randint(1, 4)))
        case "thousands":
            return f"{int(amount):,}"
        case "decimal":
            return f"{random.uniform(-100, 100):.{random.randint(0, 3)}f}"
        case "percent":
            return f"{random.uniform(0, 100):.1f}%"
        case "money":
            return f"€{amount:,.2f}"
        case "date":
            day, month, year = (
                random.randint(1, 28),
                random.randint(1, 12),
                random.randint(1990, 2024),
            )
            return f"{day:02}.{month:02}.{year}"
        case "code":
            return f"{random.choice('ABKX')}{random.randrange(10**5):05}"
    raise ValueError(f"no such kind of value: {kind}")
