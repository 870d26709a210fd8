"""HTML in which a text can only stand escaped: whatever is not `Markup` already is a text. PURE"""

from html import escape


class Markup(str):
    """A piece of finished HTML."""

    __slots__ = ()


def element(name: str, *content: str, **attributes: str | float | bool | None) -> Markup:
    """One element. Attributes that are None or False are left out, `class_` stands for class, `data_at` for data-at."""
    inner = "".join(part if isinstance(part, Markup) else escape(part) for part in content)
    opening = "".join([name, *(_attribute(key, value) for key, value in attributes.items())])
    return Markup(f"<{opening}>{inner}</{name}>")


def join(*parts: Markup) -> Markup:
    return Markup("".join(parts))


def _attribute(key: str, value: str | float | bool | None) -> str:
    name = key.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return ""
    if value is True:
        return f" {name}"
    text = f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    return f' {name}="{escape(text)}"'
