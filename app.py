"""The launcher: `streamlit run app.py`, or any ASGI server on `app:app`.

`app` is a literal on purpose: Streamlit looks for it in this file's syntax, and the
script that it names lies away from pages/, which Streamlit would otherwise serve past the sign-in.
"""

import streamlit as st
from starlette.middleware import Middleware

from components.lifespan import lifespan
from components.single_sign_on import secrets
from components.way_back import WayBack
from core.entrypoints.api import routes
from core.entrypoints.api.headers import SecurityHeaders

app = st.App(
    "components/frame.py",
    routes=routes(),
    middleware=[Middleware(SecurityHeaders), Middleware(WayBack)],
    lifespan=lifespan,
    secrets=secrets(),
)
