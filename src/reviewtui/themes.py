"""The program's own colour themes, and defaults for themes that do not know its names.

Greys have equal parts and colours sit on the 256-colour cube, so that a terminal without true colour (the usual
case over SSH) shows the same picture.
"""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="reviewtui-dark",
    primary="#5fafff",
    secondary="#87afd7",
    accent="#87afd7",
    warning="#d7af5f",
    error="#ff8787",
    success="#87af87",
    foreground="#d0d0d0",
    background="#121212",
    surface="#1c1c1c",
    panel="#262626",
    variables={
        "quiet": "#949494",
        "faint": "#626262",
        "strong": "#eeeeee",
        "section": "#87afd7",
        "trend": "#5f87af",
        "bar": "#262626",
        "cursor": "#5fafff",
        "on-cursor": "#121212",
    },
)
LIGHT = Theme(
    name="reviewtui-light",
    dark=False,
    primary="#005faf",
    secondary="#005f87",
    accent="#005f87",
    warning="#875f00",
    error="#af0000",
    success="#005f00",
    foreground="#303030",
    background="#ffffff",
    surface="#f5f5f5",
    panel="#e4e4e4",
    variables={
        "quiet": "#626262",
        "faint": "#949494",
        "strong": "#000000",
        "section": "#005f87",
        "trend": "#5f87af",
        "bar": "#e4e4e4",
        "cursor": "#005faf",
        "on-cursor": "#ffffff",
    },
)
HIGH_CONTRAST = Theme(
    name="reviewtui-high-contrast",
    primary="#ffff00",
    secondary="#00ffff",
    accent="#00ffff",
    warning="#ffff00",
    error="#ff8787",
    success="#00ff00",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#000000",
    variables={
        "quiet": "#e4e4e4",
        "faint": "#bcbcbc",
        "strong": "#ffffff",
        "section": "#00ffff",
        "trend": "#00ffff",
        "bar": "#303030",
        "cursor": "#ffff00",
        "on-cursor": "#000000",
    },
)
OWN_THEMES = (DARK, LIGHT, HIGH_CONTRAST)
TERMINAL_THEMES = ("ansi-dark", "ansi-light")
"""Themes of the toolkit that use the terminal's own palette."""

THEME_NAMES = (*(theme.name for theme in OWN_THEMES), *TERMINAL_THEMES)

VARIABLE_DEFAULTS = {
    "quiet": "ansi_default",
    "faint": "ansi_bright_black",
    "strong": "ansi_default",
    "section": "ansi_cyan",
    "trend": "ansi_blue",
    "bar": "ansi_default",
    "cursor": "ansi_blue",
    "on-cursor": "ansi_bright_white",
}
"""For themes that are not ours: the terminal's own colours."""
