# SPDX-License-Identifier: GPL-3.0-or-later
"""As much of C++ as the layer rules need: tokens with line numbers, and the full expression around a token."""

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
      (?P<directive>(?<![^\n])[ \t]*\#(?:[^\n\\]|\\\n|\\.)*)
    | (?P<space>\n|[^\S\n]+)
    | (?P<comment>//[^\n]*|/\*.*?\*/)
    | (?P<raw>(?:u8|u|U|L)?R"(?P<delimiter>[^\s()\\]{0,16})\(.*?\)(?P=delimiter)")
    | (?P<string>(?:u8|u|U|L)?"(?:[^"\\\n]|\\.)*")
    | (?P<number>\.?\d(?:'?[\w.]|[eEpP][+-])*)
    | (?P<character>(?:u8|u|U|L)?'(?:[^'\\\n]|\\.)*')
    | (?P<word>[A-Za-z_]\w*)
    | (?P<sign>::|->|&&|\|\||<=>|==|!=|<=|>=|.)
    """,
    re.VERBOSE | re.DOTALL,
)

_OPENING = {"(": ")", "[": "]", "{": "}"}
_CLOSING = {")", "]", "}"}


@dataclass(frozen=True)
class Token:
    kind: str  # word, number, string, raw, character, sign
    text: str
    line: int


def tokens_of(source):
    """All tokens that are not space, comment or preprocessor directive."""
    found = []
    line = 1
    for match in _TOKEN.finditer(source):
        kind = match.lastgroup if match.lastgroup != "delimiter" else "raw"
        text = match.group()
        if kind not in ("space", "comment", "directive"):
            found.append(Token(kind, text, line))
        line += text.count("\n")
    return found


def strings_of(source):
    """(line, text) of every string literal."""
    return [(t.line, t.text) for t in tokens_of(source) if t.kind in ("string", "raw")]


class Code:
    """The tokens of one file with their brackets matched."""

    def __init__(self, source):
        self.tokens = tokens_of(source)
        self.match = {}
        open_brackets = []
        for i, token in enumerate(self.tokens):
            if token.kind != "sign":
                continue
            if token.text in _OPENING:
                open_brackets.append(i)
            elif token.text in _CLOSING:
                # An unbalanced file (half of an #if) costs precision, never a crash.
                while open_brackets and _OPENING[self.tokens[open_brackets[-1]].text] != token.text:
                    open_brackets.pop()
                if open_brackets:
                    start = open_brackets.pop()
                    self.match[start] = i
                    self.match[i] = start

    def text(self, i):
        return self.tokens[i].text if 0 <= i < len(self.tokens) else ""

    def kind(self, i):
        return self.tokens[i].kind if 0 <= i < len(self.tokens) else ""

    def is_lambda(self, i):
        """True if the bracket [ at i introduces a lambda."""
        if self.text(i) != "[" or self.text(i - 1) == "[" or self.text(i + 1) == "[":
            return False  # an attribute
        before = i - 1
        if self.kind(before) in ("number", "string", "raw", "character"):
            return False
        if self.kind(before) == "word":
            return self.text(before) in ("return", "co_return", "co_await", "co_yield", "case", "else", "throw")
        return self.text(before) not in (")", "]") and i in self.match

    def lambda_of_body(self, i):
        """The index of the [ of the lambda whose body opens with the brace at i, or None."""
        j = self._skip_specifiers_back(i - 1)
        if self.text(j) == ")" and j in self.match:
            j = self.match[j] - 1
            if self.text(j) == ">":  # []<typename T>(T t) { … }
                j = self._skip_angles_back(j)
        if self.text(j) == "]" and j in self.match and self.is_lambda(self.match[j]):
            return self.match[j]
        return None

    def is_block(self, i):
        """True if the brace { at i opens statements or members, false if it opens an initializer."""
        before = self.text(i - 1)
        if i == 0 or before in (";", "{", "}", "else", "do", "try", ":"):
            return True
        if self.lambda_of_body(i) is not None:
            return True
        j = self._skip_specifiers_back(i - 1)
        if self.text(j) == ")":  # if (…) {, or the body of a function
            return True
        if before == "const" or before in ("noexcept", "override", "final", "mutable"):
            return True
        # A constructor's initializers, a class, a namespace: read the declaration's first words.
        start = i - 1
        while start >= 0 and self.text(start) not in (";", "{", "}", "(", ")"):
            start -= 1
        head = [self.text(k) for k in range(start + 1, i)]
        return any(word in ("class", "struct", "union", "enum", "namespace", "extern") for word in head)

    def _skip_angles_back(self, j):
        depth = 0
        while j >= 0:
            if self.text(j) == ">":
                depth += 1
            elif self.text(j) == "<":
                depth -= 1
                if depth == 0:
                    return j - 1
            elif self.text(j) in (";", "{", "}"):
                break
            j -= 1
        return j

    def _skip_specifiers_back(self, j):
        """From just before a brace back over mutable, noexcept and a trailing return type to the parameters' end."""
        while self.text(j) in ("mutable", "noexcept", "const", "override", "final", "constexpr"):
            j -= 1
        k = j
        while k >= 0 and (self.kind(k) == "word" or self.text(k) in ("::", "<", ">", "*", "&", "&&", ",")):
            k -= 1
        if self.text(k) == "->":
            j = k - 1
            while self.text(j) in ("mutable", "noexcept", "constexpr"):
                j -= 1
        return j

    def full_expression(self, at):
        """(first, last) token of the full expression around the token at `at`."""
        first = at
        while first > 0:
            text = self.text(first - 1)
            if text == ";":
                break
            if text in (")", "]") and first - 1 in self.match:
                opening = self.match[first - 1]
                if text == ")" and self.text(opening - 1) in ("if", "while", "for", "switch", "constexpr"):
                    break  # if (…) here
                first = opening
            elif text == "}":
                opening = self.match.get(first - 1)
                if opening is None:
                    break
                if self.is_block(opening) and self.lambda_of_body(opening) is None:
                    break
                first = opening
            elif text == "{" and self.is_block(first - 1):
                break
            elif text in ("else", "do") or (text == ":" and self._is_label(first - 1)):
                break
            elif text == "(" and self.text(first - 2) in ("if", "while", "for", "switch", "constexpr"):
                break  # the condition: it ends at its own parenthesis
            else:
                first -= 1
        last = at
        while last + 1 < len(self.tokens):
            text = self.text(last + 1)
            if text == ";":
                break
            if text in _OPENING:
                closing = self.match.get(last + 1)
                if closing is None:
                    break
                last = closing
            elif text in _CLOSING:
                opening = self.match.get(last + 1)
                if opening is None or opening < first:
                    break  # the bracket around the whole expression
                last += 1
            else:
                last += 1
        return first, last

    def _is_label(self, i):
        """True if the colon at i ends `case X` or `default`, not a conditional or a range."""
        j = i - 1
        while j >= 0 and self.text(j) not in (";", "{", "}", "?", "(", ")"):
            if self.text(j) in ("case", "default", "slots", "public", "private", "protected"):
                return True
            j -= 1
        return False

    def enclosing_lambda(self, at):
        """The [ of the innermost lambda whose own body holds the token, or None."""
        i = at - 1
        while i >= 0:
            text = self.text(i)
            if text in _CLOSING and i in self.match:
                i = self.match[i] - 1
                continue
            if text == "{":
                found = self.lambda_of_body(i)
                if found is not None:
                    return found
                if not self.is_block(i):
                    i -= 1
                    continue
                before = self._skip_specifiers_back(i - 1)
                if self.text(before) == ")" and before in self.match:
                    word = self.text(self.match[before] - 1)
                    if word not in ("if", "while", "for", "switch", "catch", "constexpr"):
                        return None  # a function's body
            i -= 1
        return None
