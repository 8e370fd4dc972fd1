"""Everything a person can do, as data.

Key bindings, the help screen, the palette, the footer and the key table of the documentation are all made from
these tuples, so that they cannot disagree. An action's id names its owner (`app`, `screen`, `grid`) and its method.
"""
