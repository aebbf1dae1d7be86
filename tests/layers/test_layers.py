# SPDX-License-Identifier: GPL-3.0-or-later
"""The layer test's own test: planted violations are found, near misses are not reported."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import cpp  # noqa: E402
import rules  # noqa: E402

HEAD = "// SPDX-License-Identifier: GPL-3.0-or-later\n"


def complaints(path, body):
    return rules.check(path, HEAD + body)


class Table(unittest.TestCase):
    def rejects(self, path, body, part, line=2):
        found = complaints(path, body)
        self.assertEqual(len(found), 1, f"{path}: {body!r} gave {found}")
        self.assertIn(part, found[0][1])
        self.assertEqual(found[0][0], line)

    def accepts(self, path, body):
        self.assertEqual(complaints(path, body), [], f"{path}: {body!r}")


class Includes(Table):
    def test_forbidden_directions(self):
        for path, header, part in [
            ("core/base/a.cpp", "core/crypto/sha256.h", "core/base must not include core/crypto"),
            ("core/base/a.h", "ui/models/list.h", "must not include ui"),
            ("core/distributor/a.cpp", "app/application.h", "must not include app"),
            ("core/crypto/a.cpp", "core/packing/pack.h", "must not include core/packing"),
            ("core/formats/a.cpp", "core/packing/pack.h", "must not include core/packing"),
            ("core/packing/a.cpp", "core/registry/registry.h", "must not include core/registry"),
            ("core/registry/a.cpp", "core/providers/provider.h", "must not include core/providers"),
            ("core/registry/a.cpp", "core/distributor/store.h", "must not include core/distributor"),
            ("core/providers/a.cpp", "core/registry/registry.h", "must not include core/registry"),
            ("core/providers/a.cpp", "core/providers/folder/folder.h", "must not include core/providers/folder"),
            ("core/providers/s3/s3.cpp", "core/providers/webdav/webdav.h", "must not include core/providers/webdav"),
            ("core/providers/s3/s3.cpp", "core/registry/registry.h", "must not include core/registry"),
            ("core/providers/s3/s3.cpp", "core/distributor/store.h", "must not include core/distributor"),
            ("core/providers/s3/s3.cpp", "core/packing/pack.h", "must not include core/packing"),
            ("core/distributor/a.cpp", "core/providers/folder/folder.h", "must not include core/providers/folder"),
            ("core/distributor/a.cpp", "core/http/client.h", "must not include core/http"),
            ("core/distributor/a.cpp", "core/secrets/store.h", "must not include core/secrets"),
            ("ui/storage/a.cpp", "core/providers/mega/mega.h", "must not include core/providers/mega"),
            ("ui/storage/a.cpp", "core/http/client.h", "must not include core/http"),
            ("ui/storage/a.cpp", "core/secrets/store.h", "must not include core/secrets"),
            ("ui/storage/a.cpp", "app/main.h", "must not include app"),
            ("app/main.cpp", "tests/support/run_task.h", "must not include tests"),
            ("core/base/a.cpp", "error.h", "write the path from the top"),
            ("core/base/a.cpp", "../base/error.h", "write the path from the top"),
        ]:
            self.rejects(path, f'#include "{header}"\n', part)
            self.rejects(path, f'\n  #  include   "{header}" // why not\n', part, line=3)

    def test_allowed_directions(self):
        for path, header in [
            ("core/base/a.cpp", "core/base/error.h"),
            ("core/packing/a.cpp", "core/crypto/aead.h"),
            ("core/packing/a.cpp", "core/formats/gguf.h"),
            ("core/registry/records.h", "core/packing/pack.h"),
            ("core/distributor/a.cpp", "core/providers/catalogue.h"),
            ("core/distributor/a.cpp", "core/registry/registry.h"),
            ("core/providers/catalogue.cpp", "core/providers/folder/folder.h"),
            ("core/providers/folder/folder.cpp", "core/providers/folder/directory.h"),
            ("core/providers/folder/folder.cpp", "core/providers/provider.h"),
            ("core/providers/s3/s3.cpp", "core/http/client.h"),
            ("ui/storage/a.cpp", "core/providers/catalogue.h"),
            ("app/main.cpp", "core/providers/mega/mega.h"),
            ("app/main.cpp", "core/secrets/store.h"),
            ("app/main.cpp", "ui/window.h"),
            ("tests/registry/test_a.cpp", "core/secrets/store.h"),
            ("tests/base/test_a.cpp", "test_a.moc"),
        ]:
            self.accepts(path, f'#include "{header}"\n')

    def test_a_folder_that_the_table_does_not_know(self):
        self.rejects("core/surprise/a.cpp", '#include "core/base/error.h"\n', "table.py does not say", line=1)
        self.assertTrue(complaints("core/a.cpp", ""))

    def test_qt_modules(self):
        self.rejects("core/distributor/a.cpp", "#include <QSqlQuery>\n", "must not use QtSql")
        self.rejects("app/a.cpp", "#include <QtSql/QSqlQuery>\n", "must not use QtSql")
        self.rejects("ui/models/a.cpp", "#include <QSqlQuery>\n", "must not use QtSql")
        self.rejects("ui/models/a.cpp", "#include <QNetworkReply>\n", "must not use QtNetwork")
        self.rejects("core/secrets/a.cpp", "#include <QTcpSocket>\n", "must not use QtNetwork")
        self.rejects("core/base/a.cpp", "#include <QApplication>\n", "must not use QtWidgets or QtGui")
        self.rejects("core/base/a.cpp", "#include <QtConcurrentRun>\n", "must not use QtConcurrent")
        self.accepts("core/registry/a.cpp", "#include <QSqlQuery>\n")
        self.accepts("core/providers/s3/a.cpp", "#include <QNetworkRequest>\n#include <QUrl>\n")
        self.accepts("core/base/a.cpp", "#include <QCoreApplication>\n")
        self.accepts("ui/models/a.cpp", "#include <QWidget>\n")
        self.accepts("tests/base/test_a.cpp", "#include <QTcpServer>\n")

    def test_links(self):
        for path, line in [
            ("core/base/CMakeLists.txt", "target_link_libraries(mf_base PUBLIC mf_crypto)"),
            ("core/registry/CMakeLists.txt", "target_link_libraries(mf_registry PUBLIC mf_providers)"),
            ("core/packing/CMakeLists.txt", "target_link_libraries(mf_packing PUBLIC Qt6::Sql)"),
            ("core/base/CMakeLists.txt", "target_link_libraries(mf_base PUBLIC Qt6::Gui)"),
        ]:
            self.assertEqual(len(rules.check(path, line + "\n")), 1, line)
        for path, line in [
            ("core/registry/CMakeLists.txt", "target_link_libraries(mf_registry PUBLIC mf_base mf_packing Qt6::Sql)"),
            ("core/base/CMakeLists.txt", "target_link_libraries(mf_base PUBLIC Qt6::Core) # not Qt6::Gui"),
            ("tests/base/CMakeLists.txt", "mf_test(task LIBRARIES mf_base Qt6::Network)"),
        ]:
            self.assertEqual(rules.check(path, line + "\n"), [], line)


class Spellings(Table):
    def test_what_core_never_says(self):
        for body, part in [
            ("QEventLoop loop;\n", "nested event loop"),
            ("void f() { QCoreApplication::processEvents(); }\n", "nested event loop"),
            ("int f(D &d) { return d.exec(); }\n", "nested event loop"),
            ("int f(D *d) { return d->exec(); }\n", "nested event loop"),
            ("class W : public QThread { };\n", "onPool"),
            ("auto *p = QThreadPool::globalInstance();\n", "onPool"),
            ("void f(V &v) { std::ranges::stable_sort(v); }\n", "clang 19"),
        ]:
            self.rejects("core/distributor/a.cpp", body, part)

    def test_near_misses_of_loops(self):
        self.accepts("core/registry/a.cpp", "bool f(QSqlQuery &q) { return q.exec(); }\n")
        self.accepts("core/distributor/a.cpp", "bool f(Q &q) { return q.exec(text); }\n")
        self.accepts("core/distributor/a.cpp", "// never QEventLoop, processEvents or .exec()\n")
        self.accepts("core/distributor/a.cpp", 'const char *t = "QEventLoop";\n')
        self.accepts("app/main.cpp", "int main() { return application.exec(); }\n")
        self.accepts("tests/base/test_a.cpp", "void f() { QCoreApplication::processEvents(); }\n")

    def test_locks_only_in_base(self):
        self.rejects("core/registry/a.h", "std::mutex m_mutex;\n", "locks and threads")
        self.rejects("core/providers/a.h", "QMutex m_mutex;\n", "locks and threads")
        self.rejects("core/packing/a.cpp", "std::thread worker;\n", "locks and threads")
        self.accepts("core/base/a.cpp", "std::mutex m_mutex;\n")
        self.accepts("core/packing/a.cpp", "int thread = 1; std::atomic<int> n;\n")

    def test_sql_only_in_registry(self):
        self.rejects("core/distributor/a.cpp", 'auto q = QStringLiteral("SELECT id FROM packs");\n', "SQL belongs")
        self.rejects("app/a.cpp", 'auto q = R"(DELETE FROM\npacks )";\n', "SQL belongs")
        self.rejects("ui/a.cpp", 'auto q = "PRAGMA user_version";\n', "SQL belongs")
        self.accepts("core/registry/a.cpp", 'auto q = QStringLiteral("SELECT id FROM packs");\n')
        self.accepts("tests/registry/test_a.cpp", 'auto q = QStringLiteral("SELECT id FROM packs");\n')
        self.accepts("core/distributor/a.cpp", 'auto t = "Select a model from the list";\n')
        self.accepts("core/distributor/a.cpp", "// SELECT id FROM packs is the registry's\n")

    def test_licence(self):
        self.assertEqual(len(rules.check("core/base/a.h", "#pragma once\n")), 1)
        self.assertEqual(len(rules.check("tests/soak.sh", "#!/bin/sh\necho\n")), 1)
        self.assertEqual(rules.check("tests/soak.sh", "#!/bin/sh\n# SPDX-License-Identifier: GPL-3.0-or-later\n"), [])

    def test_nolint_names_the_check_and_the_reason(self):
        self.rejects("core/base/a.cpp", "int a; // NOLINT\n", "must name the check")
        self.rejects("core/base/a.cpp", "int a; // NOLINT(bugprone-x)\n", "must say why")
        self.rejects("core/base/a.cpp", "// NOLINTNEXTLINE(bugprone-x): ok\n", "must say why")
        self.rejects("core/base/a.cpp", "// NOLINTBEGIN(bugprone-x)\n", "must say why")
        self.accepts("core/base/a.cpp", "int a; // NOLINT(bugprone-x): the library owns it\n")
        self.accepts("core/base/a.cpp", "// NOLINTEND(bugprone-x)\n")


class Awaits(Table):
    def in_body(self, statement):
        return "Task<int> f(int a)\n{\n" + statement + "\n    co_return a;\n}\n"

    def test_what_gcc_12_miscompiles(self):
        for statement, part in [
            ("co_await onPool(pool, [a] { return a; });", "temporary lambda with captures"),
            ("co_await onPool(pool, [&] { return a; });", "temporary lambda with captures"),
            ("co_await onPool(pool, [this](int b) mutable -> int { return b; });", "temporary lambda with captures"),
            ("use(co_await g(), [=] { return a; });", "temporary lambda with captures"),
            ("use([=] { if (a) { return 1; } return 2; }, co_await g());", "temporary lambda with captures"),
            ("auto x = co_await put(Range{1, 2});", "braced list or aggregate"),
            ("auto x = co_await put(std::vector<int>{1, 2});", "braced list or aggregate"),
            ("auto x = co_await put({1, 2});", "braced list or aggregate"),
            ("auto x = co_await put(name, {});", "braced list or aggregate"),
            ("auto x = co_await put(a ? *b : QString(c + d));", "conditional"),
            ("co_return Pair{co_await g(), 1};", "braced list or aggregate"),
            ("co_return {co_await g(), 1};", "braced list or aggregate"),
            ("const Pair x{co_await g(), 1};", "braced list or aggregate"),
            ("if (co_await g(S{a})) { h(); }", "braced list or aggregate"),
            ("while (co_await g({a})) { h(); }", "braced list or aggregate"),
            ("for (auto x : co_await g({a})) { h(x); }", "braced list or aggregate"),
            ("if (co_await g() && co_await h()) { return; }", "two co_awaits"),
            ("const bool b = co_await g() || co_await h();", "two co_awaits"),
            ("use(co_await g(), co_await h());", "two co_awaits"),
            ("co_await (co_await g()).h();", "two co_awaits"),
        ]:
            self.rejects("core/distributor/a.cpp", self.in_body(statement), part, line=4)
            self.rejects("tests/distributor/test_a.cpp", self.in_body(statement), part, line=4)

    def test_over_several_lines(self):
        self.rejects(
            "core/distributor/a.cpp",
            self.in_body("auto x = co_await put(name,\n    [a] { return a; },\n    b);"),
            "temporary lambda with captures",
            line=5,
        )

    def test_near_misses(self):
        for statement in [
            "const auto work = [a] { return a; };\nco_await onPool(pool, work);",
            "const auto x = co_await g();\nconst auto y = co_await h();",
            "const auto x = a ? *b : QString(c + d);\nco_await g(x);",
            "const auto x = co_await g();\nco_return x ? *x : y;",
            "if (const auto x = co_await g(); !x) { co_return x.error(); }",
            "if (!x) { y = S{1, 2}; }\nco_await g();",
            "for (int i = 0; i < 3; ++i) { co_await g(i); }",
            "for (;;) { co_await g(); S s{1}; }",
            "switch (a) { case 1: co_await g(); break; default: co_await h(); }",
            "do { co_await g(); } while (b);",
            "try_again: co_await g();",
            "if (a) co_await g(); else co_await h();",
            "if (a) { S s{1}; } else { co_await g(); }",
            "co_await onPool(pool, [] { return 1; });",
            "x[i] = co_await g(y[j], z[k]);",
            "[[maybe_unused]] const auto x = co_await g();",
            "const bool b = ready && co_await g();",
            "// co_await g({1, 2}) && co_await h([a] { })\nco_await g();",
            'co_await g(QStringLiteral("co_await {} && [a]"));',
            "const auto text = R\"(co_await f({1}))\";",
            "co_await g(1'000'000, '{', QChar(u'}'));",
            "auto [x, y] = co_await g();",
            "static_assert(true); S s{1};\nco_await g(s);",
            "co_return Error{1, 2};",
            "struct Body { int a; explicit Body(int x) : a{x} { } };\nco_await g(Body(1));",
            "if constexpr (kFast) { S s{1}; }\nco_await g();",
            "const auto f = [](int b) -> Task<int> { co_return b; };\nco_await f(1);",
        ]:
            self.accepts("core/distributor/a.cpp", self.in_body(statement))

    def test_capturing_lambda_coroutines(self):
        self.rejects(
            "core/distributor/a.cpp",
            "void f(int a)\n{\n    scope.start([a]() -> Task<void> { co_await g(a); }());\n}\n",
            "a coroutine that is a lambda with captures",
            line=4,
        )
        self.rejects(
            "tests/base/test_a.cpp",
            "void f(int a)\n{\n    auto t = [&]() -> Task<int> { if (a) { co_return 1; } co_return 2; };\n}\n",
            "a coroutine that is a lambda with captures",
            line=4,
        )
        self.accepts("tests/base/test_a.cpp", "auto t = [](int a) -> Task<int> { co_return a; };\n")

    def test_the_operator_itself_is_no_await(self):
        self.accepts("core/base/a.h", "Awaiter operator co_await() const noexcept { return Awaiter{m_frame, 1}; }\n")


class Tokens(unittest.TestCase):
    def test_lines_are_counted_through_comments_and_strings(self):
        source = '/* a\nb */ "x\\"y" R"--(\n)" )--" #\n#define X \\\n  co_await\nlast'
        tokens = cpp.tokens_of(source)
        self.assertEqual((tokens[-1].text, tokens[-1].line), ("last", 6))
        self.assertNotIn("co_await", [t.text for t in tokens])

    def test_unbalanced_brackets_do_no_harm(self):
        for source in ["co_await f(((", "} } co_await f({1)", "[ co_await", "co_await {", ") co_await ;"]:
            rules.check("core/base/a.cpp", source)


class Program(unittest.TestCase):
    def run_on(self, files):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                path = pathlib.Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            done = subprocess.run(
                [sys.executable, str(HERE / "layers.py"), folder], capture_output=True, text=True, check=False
            )
            return done.returncode, done.stdout

    def test_clean(self):
        code, output = self.run_on({"core/base/a.h": HEAD + "#pragma once\n"})
        self.assertEqual((code, output), (0, "1 files checked, 0 complaints\n"))

    def test_planted(self):
        code, output = self.run_on(
            {"core/base/a.h": HEAD, "core/crypto/b.cpp": HEAD + '#include "core/registry/registry.h"\n'}
        )
        self.assertEqual(code, 1)
        self.assertIn("core/crypto/b.cpp:2: core/crypto must not include core/registry", output)

    def test_wrong_folder(self):
        self.assertEqual(self.run_on({"x.txt": ""})[0], 1)


if __name__ == "__main__":
    unittest.main()
