"""A French letter, typed, full of accents."""

from samples.drawing import A4, Column, Sheet, Style
from table_restore.document import Alignment

BODY = Style("serif", 11.5)

PARAGRAPHS = (
    "Nous avons bien reçu votre courrier du 3 février et nous vous remercions de l'intérêt que "
    "vous portez à notre atelier. Votre cœur balance, écrivez-vous, entre une reliure en chêne "
    "clair et une couverture de toile grège ; permettez-nous de vous conseiller la première, plus "
    "résistante à l'usage répété.",
    "Le délai de fabrication est de six semaines à compter de la réception des cahiers. Les pages "
    "abîmées seront nettoyées à sec, puis renforcées avec un papier très fin. Nous évitons "
    "l'emploi de colles à base de solvants, qui jaunissent dès les premières années.",
    "Le prix de l'ensemble s'élève à 1 284,60 €, taxes comprises, dont un acompte de 30 % est à "
    "régler à la commande. S'il vous plaît, indiquez-nous également où et à quelle heure nous "
    "pouvons déposer l'ouvrage terminé : la maison étant fermée en août, une livraison avant "
    "l'été serait préférable.",
    "Espérant avoir répondu à vos questions, nous vous prions d'agréer, chère Madame, "
    "l'expression de nos sentiments dévoués.",
)


def draw() -> tuple[Sheet, ...]:
    sheet = Sheet(*A4, dpi=200)
    column = Column(sheet, 28, 20, 154)
    column.heading("Atelier Brévannes & Fils", BODY.but(size=17, italic=True), after=0.5)
    column.paragraph(
        ["Reliure et dorure depuis trois générations", "14, rue du Vieux Moulin, Saint-Élophe"],
        BODY.but(size=9.5),
        after=14,
    )
    address = Column(sheet, 112, column.y, 70)
    address.paragraph(
        ["Madame Hélène Aubépin", "Bibliothèque des Forêts", "2, allée des Hêtres",
         "00417 Côte-Dorée"],
        BODY,
        after=9,
    )  # fmt: skip
    column.y = address.y
    column.paragraph(["Saint-Élophe, le 19 février 2024"], BODY, align=Alignment.RIGHT, after=8)
    column.paragraph(["Objet : reliure du registre paroissial"], BODY.but(bold=True), after=4)
    column.paragraph(["Chère Madame,"], BODY, after=2.5)
    for text in PARAGRAPHS:
        column.paragraph(text, BODY, leading=16, justify=True, after=3)
    column.gap(10)
    column.x, column.width = 120, 62
    column.paragraph(["Théodore Brévannes", "maître relieur"], BODY)
    return (sheet,)
