"""A German invoice: umlauts, and numbers with points for thousands and a decimal comma."""

from samples.drawing import A4, Column, Sheet, Style
from samples.tables import Design, Entry, draw_table
from table_restore.document import Alignment, BlockKind

LEFT, CENTER, RIGHT = Alignment.LEFT, Alignment.CENTER, Alignment.RIGHT
BODY = Style("dejavu", 9)

ROWS = (
    ("1", "Fräsarbeiten an Gehäusedeckel, größere Ausführung", "14 Std.", "68,50 €", "959,00 €"),
    ("2", "Präzisionswelle, gehärtet, Ø 25 mm", "40 Stück", "31,20 €", "1.248,00 €"),
    ("3", "Kugellager für Förderbänder", "160 Stück", "4,85 €", "776,00 €"),
    ("4", "Prüfprotokoll und Maßbericht nach Wunsch", "1 Satz", "120,00 €", "120,00 €"),
    ("5", "Rücknahme überzähliger Teile", "12 Stück", "-4,85 €", "-58,20 €"),
)


def draw() -> tuple[Sheet, ...]:
    sheet = Sheet(*A4, dpi=200)
    column = Column(sheet, 25, 15, 165)
    column.heading("Wörner & Süß Maschinenbau GmbH", Style("dejavu", 15, bold=True), after=1)
    column.block(BlockKind.HEADER, "Hüttenstraße 9, 00471 Altmühlbrück", BODY.but(size=8), after=14)
    column.paragraph(
        ["Förderanlagen Jäger KG", "z. Hd. Frau Größler", "Am Mühlbach 3 a", "00938 Königsfähre"],
        BODY,
        after=12,
    )
    column.heading("Rechnung Nr. 2024/0562", Style("dejavu", 13, bold=True), after=2)
    column.paragraph(
        ["Rechnungsdatum: 07.05.2024", "Lieferdatum: 29.04.2024", "Kundennummer: 10 486"],
        BODY,
        after=3,
    )
    column.paragraph(["Sehr geehrte Frau Größler,"], BODY, after=1.5)
    column.paragraph(
        "für die Ausführung Ihres Auftrags vom 12. März erlauben wir uns, folgende Leistungen zu "
        "berechnen. Über die vereinbarten Stückzahlen hinaus gelieferte Teile haben wir "
        "zurückgenommen.",
        BODY,
        after=5,
    )
    design = Design(
        BODY,
        weight=0.5,
        row_height=7.5,
        head_rows=1,
        head_shade=(222, 222, 222),
        head_align=CENTER,
        aligns=(CENTER, LEFT, RIGHT, RIGHT, RIGHT),
    )
    head = ("Pos.", "Bezeichnung", "Menge", "Einzelpreis", "Gesamtpreis")
    totals = (
        (Entry("Summe netto", columns=4, align=RIGHT), "3.044,80 €"),
        (Entry("zzgl. 19 % Umsatzsteuer", columns=4, align=RIGHT), "578,51 €"),
        (Entry("Rechnungsbetrag", columns=4, align=RIGHT, bold=True),
         Entry("3.623,31 €", bold=True)),
    )  # fmt: skip
    widths = (13, 74, 22, 26, 30)
    column.y = draw_table(sheet, 25, column.y, widths, [head, *ROWS, *totals], design) + 4
    column.paragraph(
        "Bitte überweisen Sie den Betrag bis zum 06.06.2024 ohne Abzug. Bei Zahlung innerhalb von "
        "zehn Tagen gewähren wir 2 % Skonto.",
        BODY,
        after=4,
    )
    column.paragraph(["Mit freundlichen Grüßen", "Käthe Wörner"], BODY, leading=18)
    footer = Column(sheet, 25, 277, 165)
    footer.block(
        BlockKind.FOOTER,
        "Altmühl-Sparbank, IBAN DE00 0047 1100 0093 8562 01, Steuer-Nr. 047/119/03856",
        BODY.but(size=7.5),
        align=CENTER,
    )
    return (sheet,)
