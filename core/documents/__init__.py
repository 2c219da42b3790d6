"""Documents: finished figures with what readers must know, frozen as JSON and written in every format.

`render(document, "pdf")` gives the file; `RENDERERS` names the formats; `charts`
draws one chart; `renderers.email.render` makes the body of a mail.
"""

from core.documents.document import Document, Section
from core.documents.renderers import RENDERERS, Rendered, Renderer, render
from core.documents.renderers.csv import Csv
from core.documents.renderers.html import Html
from core.documents.renderers.json import Json
from core.documents.renderers.markdown import Markdown
from core.documents.renderers.pdf import Pdf
from core.documents.renderers.xlsx import Xlsx

BUILT_IN: tuple[Renderer, ...] = (Html(), Pdf(), Xlsx(), Csv(), Markdown(), Json())

for _renderer in BUILT_IN:
    RENDERERS.add(_renderer)

__all__ = ["BUILT_IN", "RENDERERS", "Document", "Rendered", "Renderer", "Section", "render"]
