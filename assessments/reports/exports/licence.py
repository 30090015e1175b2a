"""The licence note that goes with every package, in both languages. Pure."""

from assessments.reports.exports.columns import Words

NOTE = Words(
    """\
# What you may do with these files

The ratings, stories and words belong to the coalitions that wrote them. You took them under your promise: use them to
learn; do not put coalitions in order by them; do not decide about money by them.

- Each coalition rates itself and sets its own bar. Say so wherever you show a level.
- Files with names of states and coalitions are for your own work. To pass data on, take the coded files. They are
  coded: whoever holds a file with names can match the levels.
- Texts are here because their coalition shares them now. When it stops sharing, take them out of what you publish next.
- An empty level is missing, never 0. The status beside it says why.
- The coalitions in these files can see that you took them, when, and with which filters.
- The names of the columns, the codebook and the text of the method come under the MIT licence, as the software does.
""",
    """\
# Qué puede hacer con estos archivos

Los niveles, las historias y las palabras son de las coaliciones que los escribieron. Usted los recibió con su
compromiso: usarlos para aprender, no poner en orden a las coaliciones con ellos y no decidir con ellos sobre dinero.

- Cada coalición se evalúa a sí misma y fija su propia medida. Dígalo donde muestre un nivel.
- Los archivos con nombres de estados y coaliciones son para su propio trabajo. Para pasar datos a otras personas, use
  los archivos codificados. Están codificados: quien tiene un archivo con nombres puede reconocer los niveles.
- Los textos están aquí porque la coalición que los escribió los comparte ahora. Cuando deje de hacerlo, quítelos de lo
  que publique.
- Un nivel vacío es un dato que falta, nunca 0. El estado a su lado dice por qué.
- Las coaliciones de estos archivos pueden ver que usted los tomó, cuándo y con qué filtros.
- Los nombres de las columnas, el libro de códigos y el texto del método tienen la licencia MIT, igual que el programa.
""",
)
SAMPLE = Words("Sample data. Not real ratings.", "Datos de ejemplo. No son respuestas reales.")


def licence(*, sample: bool) -> str:
    """The note in both languages; with sample data it says so first."""
    said = [*SAMPLE] if sample else []
    return "\n".join([*said, *([""] if said else []), NOTE.en, NOTE.es])
