# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules themselves: each takes a path (from the top of the checkout) and a text, and yields (line, complaint)."""

import re

import cpp
import table

SPDX = "SPDX-License-Identifier: GPL-3.0-or-later"

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^">]+)[">]', re.MULTILINE)
_NOLINT = re.compile(r"//.*?NOLINT(NEXTLINE|BEGIN|END)?(\([^)]*\))?(.*)$")
_SQL = re.compile(
    r"\b(SELECT\s.+\sFROM\s|INSERT\s+(OR\s+\w+\s+)?INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|PRAGMA\s+\w"
    r"|(CREATE|DROP|ALTER)\s+(TABLE|(UNIQUE\s+)?INDEX|VIEW|TRIGGER|VIRTUAL\s+TABLE)\s)",
    re.DOTALL,
)
_LOCKS = {
    "mutex", "recursive_mutex", "timed_mutex", "shared_mutex", "lock_guard", "unique_lock", "scoped_lock",
    "shared_lock", "condition_variable", "condition_variable_any", "thread", "jthread", "async", "counting_semaphore",
    "binary_semaphore", "latch", "barrier",
}
_QT_LOCKS = {
    "QMutex", "QRecursiveMutex", "QMutexLocker", "QReadWriteLock", "QReadLocker", "QWriteLocker", "QSemaphore",
    "QWaitCondition",
}
_NEVER_IN_CORE = {
    "QEventLoop": "a nested event loop",
    "processEvents": "a nested event loop",
    "QThread": "a thread of Qt's: heavy work goes through onPool",
    "QThreadPool": "Qt's pool: heavy work goes through onPool",
    "QtConcurrent": "Qt's pool: heavy work goes through onPool",
    "stable_sort": "what clang 19 refuses in GCC 12's library: let the key end with the place",
    "stable_partition": "what clang 19 refuses in GCC 12's library",
}


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def is_cpp(path):
    return path.endswith((".cpp", ".h"))


def includes(path, text):
    layer = table.layer_of(path)
    if layer is None or table.row_of(layer) is None:
        yield 1, f"{layer or path}: tests/layers/table.py does not say what it may include"
        return
    for match in _INCLUDE.finditer(text):
        line = line_of(text, match.start())
        name = match.group(2)
        if match.group(1) == "<":
            if layer == "tests":
                continue
            for module, (beginnings, users) in table.QT_MODULES.items():
                if name.startswith(tuple(beginnings)) and not path.startswith(tuple(users)):
                    yield line, f"{layer} must not use {module} (<{name}>)"
            continue
        target = table.layer_of(name)
        if target is None:
            if not name.endswith(".moc") and not re.fullmatch(r"(ui_|moc_|qrc_)[\w.]+", name):
                yield line, f'"{name}": write the path from the top of the checkout'
        elif not table.may_include(path, target):
            yield line, f"{layer} must not include {target} ({name})"


def links(path, text):
    """The same directions for target_link_libraries in core/**/CMakeLists.txt."""
    layer = table.layer_of(path)
    if layer is None or layer == "tests" or table.row_of(layer) is None:
        return
    for number, content in enumerate(text.splitlines(), 1):
        content = content.split("#")[0]
        for module in re.findall(r"\bQt6::(\w+)", content):
            users = table.QT_TARGETS.get(module)
            if users is not None and not path.startswith(tuple(users)):
                yield number, f"{layer} must not link Qt6::{module}"
        for name in re.findall(r"\bmf_(\w+)", content):
            target = "core/" + name
            if target in table.MAY_INCLUDE and not table.may_include(path, target):
                yield number, f"{layer} must not link {target}"


def licence(path, text):
    if SPDX not in "\n".join(text.splitlines()[:3]):
        yield 1, f"the line '{SPDX}' is missing at the top"


def nolint(path, text):
    for number, content in enumerate(text.splitlines(), 1):
        match = _NOLINT.search(content)
        if not match or match.group(1) == "END":
            continue
        if not match.group(2) or match.group(2) == "()":
            yield number, "NOLINT must name the check: NOLINT(bugprone-x): reason"
        elif len(re.findall(r"\w+", match.group(3))) < 3:
            yield number, "NOLINT must say why: NOLINT(bugprone-x): reason"


def spellings_of_core(path, text):
    """What core never says: nested event loops, Qt's threads, locks outside core/base, SQL outside core/registry."""
    if not path.startswith("core/"):
        return
    code = cpp.Code(text)
    for i, token in enumerate(code.tokens):
        if token.kind != "word":
            continue
        if token.text in _NEVER_IN_CORE:
            yield token.line, f"{token.text}: core has no use for {_NEVER_IN_CORE[token.text]}"
        if (
            token.text in ("exec", "exec_")
            and code.text(i - 1) in (".", "->")
            and code.text(i + 1) == "("
            and code.text(i + 2) == ")"
            and not path.startswith("core/registry/")  # there it is a query's
        ):
            yield token.line, f"{token.text}(): core has no use for a nested event loop"
        if not path.startswith("core/base/") and path not in table.MAY_LOCK:
            qualified = code.text(i - 1) == "::" and code.text(i - 2) == "std"
            if (qualified and token.text in _LOCKS) or token.text in _QT_LOCKS:
                yield token.line, f"{token.text}: locks and threads live in core/base (table.py: MAY_LOCK)"


def sql(path, text):
    if path.startswith(("core/registry/", "tests/")) or not is_cpp(path):
        return
    for line, literal in cpp.strings_of(text):
        if _SQL.search(literal):
            yield line, "SQL belongs to core/registry"


def awaits(path, text):
    """The spellings around co_await that GCC 12 miscompiles, and coroutines that lose their captures."""
    if "co_await" not in text and "co_return" not in text:
        return
    code = cpp.Code(text)
    seen = set()
    for i, token in enumerate(code.tokens):
        if token.kind != "word" or token.text not in ("co_await", "co_return") or code.text(i - 1) == "operator":
            continue
        owner = code.enclosing_lambda(i)
        if owner is not None and code.match[owner] > owner + 1 and owner not in seen:
            seen.add(owner)
            yield (
                code.tokens[owner].line,
                "a coroutine that is a lambda with captures: they die with the lambda, not with the coroutine",
            )
        if token.text != "co_await":
            continue
        first, last = code.full_expression(i)
        if first in seen:
            continue
        seen.add(first)
        yield from _hazards(code, first, last)


def _hazards(code, first, last):
    count = 0
    i = first
    while i <= last:
        text = code.text(i)
        if text == "co_await":
            count += 1
            if count == 2:
                yield code.tokens[i].line, "two co_awaits in one full expression: name the first one's result"
        elif text == "[" and code.is_lambda(i):
            if code.match[i] > i + 1:
                yield (
                    code.tokens[i].line,
                    "a temporary lambda with captures in an expression with co_await: name it on the line above",
                )
            i = _end_of_lambda(code, i)
        elif text == "{" and i in code.match:
            yield (
                code.tokens[i].line,
                "a braced list or aggregate in an expression with co_await: name it on the line above",
            )
            i = code.match[i]
        elif text == "?":
            yield (
                code.tokens[i].line,
                "a conditional in an expression with co_await, whose temporaries are destroyed twice: name it on the "
                "line above",
            )
        i += 1


def _end_of_lambda(code, i):
    """The closing brace of the lambda that begins at i."""
    j = code.match[i] + 1
    while j < len(code.tokens) and code.text(j) != "{":
        j = code.match[j] + 1 if code.text(j) == "(" and j in code.match else j + 1
    return code.match.get(j, j)


def check(path, text):
    """All complaints about one file, as (line, text)."""
    found = []
    if is_cpp(path):
        for rule in (includes, licence, nolint, spellings_of_core, sql, awaits):
            found += rule(path, text)
    elif path.endswith("CMakeLists.txt"):
        found += links(path, text)
    elif path.endswith((".py", ".sh", ".js", ".mjs", ".go")) or path == ".ci/run":
        found += licence(path, text)
    return sorted(found)
