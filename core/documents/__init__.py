"""Documents: finished figures with what readers must know, frozen as JSON and written in every format.

`render(document, "pdf")` gives the file; `RENDERERS` names the formats; `charts`
draws one chart; `renderers.email.render` makes the body of a mail.
"""

from core.documents.document import Document, Section
from core.documents.renderers import BUILT_IN, RENDERERS, Rendered, Renderer, render

__all__ = ["BUILT_IN", "RENDERERS", "Document", "Rendered", "Renderer", "Section", "render"]
