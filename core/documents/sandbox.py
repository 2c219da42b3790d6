"""Where strangers' templates run: nothing below the surface, no call but of what was handed in, nothing endless."""

from __future__ import annotations

from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel

from core.documents import measure, pace

_REFUSED = ("translate", "expandtabs")
"""Methods of texts that nobody needs and that may make much of little."""


class _Generator(CodeGenerator):
    def visit_Concat(self, node: nodes.Concat, frame: Any) -> None:  # noqa: N802 - as Jinja calls it
        """`a ~ b` doubles a text at each turn of a loop, and is no operator that a sandbox is asked about."""
        self.write("environment.short(")
        super().visit_Concat(node, frame)
        self.write(")")


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's own sandbox, which changes nothing, without the doors that models have: some of theirs read files."""

    intercepted_binops = frozenset(["*", "**", "%", "+"])
    code_generator_class = _Generator
    concat = staticmethod(measure.whole)
    short = staticmethod(measure.short)
    tick = staticmethod(pace.tick)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, finalize=measure.weighed, **options)
        looked = (*measure.GROWING, *measure.WRITING)
        self.filters |= {name: measure.filtered(name, self.filters[name]) for name in looked}
        self.globals.pop("lipsum")

    def is_safe_callable(self, obj: Any) -> bool:
        """No method of a model, and none of its class."""
        owner = getattr(obj, "__self__", None)
        if isinstance(owner, str) and getattr(obj, "__name__", "") in _REFUSED:
            return False
        kind = owner if isinstance(owner, type) else type(owner)
        if issubclass(kind, BaseModel) or (isinstance(obj, type) and issubclass(obj, BaseModel)):
            return False
        return super().is_safe_callable(obj)

    def call(__self, __context: Any, __obj: Any, *args: Any, **named: Any) -> Any:  # noqa: N805 - as Jinja calls it
        """No call when time is up, and no method that makes a million letters of a few."""
        pace.tick()
        owner = getattr(getattr(__obj, "__wrapped__", __obj), "__self__", None)  # Jinja wraps str.format
        if isinstance(owner, measure.BUILT_IN):
            measure.called(getattr(__obj, "__name__", ""), owner, args, named)
        return super().call(__context, __obj, *args, **named)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """No power, and no text or list of a million letters or items by multiplication."""
        if operator == "%" and isinstance(left, str):
            measure.called("format", left, right if isinstance(right, tuple) else (right,), {})
        if operator == "+" and isinstance(left, (str, bytes, list, tuple)) and len(left) > measure.LONGEST:
            raise SecurityError(measure.TOO_LONG)
        if operator == "**":
            raise SecurityError("a template may not raise to a power")
        if operator == "*":
            measure.multiplied(left, right)
        return super().call_binop(context, operator, left, right)

    def get_template(self, *args: Any, **named: Any) -> Any:
        """One that includes itself twice has no loop and no call, and no end."""
        pace.tick()
        return super().get_template(*args, **named)

    def select_template(self, *args: Any, **named: Any) -> Any:
        pace.tick()
        return super().select_template(*args, **named)

    def _generate(self, source: nodes.Template, *args: Any, **named: Any) -> str:
        """Every turn of a loop begins with a look at the clock. Jinja's own hook between reading and compiling."""
        for loop in source.find_all(nodes.For):
            loop.body.insert(0, self._look(loop.lineno))
        return super()._generate(source, *args, **named)

    def _look(self, line: int) -> nodes.Node:
        call = nodes.Call(nodes.EnvironmentAttribute("tick"), [], [], None, None)
        return nodes.ExprStmt(call).set_lineno(line, override=True).set_environment(self)
