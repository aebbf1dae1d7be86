# SPDX-License-Identifier: GPL-3.0-or-later
"""Which layer may include which: section 3 of the design, as data.

A layer is a folder: core/NAME, core/providers/NAME, ui, app. A layer may always include itself. The names on the
right are layers; "core" stands for all of core. A folder that is missing here fails the test: say first where it
stands.
"""

MAY_INCLUDE = {
    "core/base": [],
    "core/crypto": ["core/base"],
    # A CID is made of SHA-256.
    "core/formats": ["core/base", "core/crypto"],
    "core/packing": ["core/base", "core/crypto", "core/formats"],
    # Signing in by OAuth needs SHA-256 and random bytes.
    "core/http": ["core/base", "core/crypto"],
    "core/secrets": ["core/base", "core/crypto"],
    # The interface, the catalogue's form, the decorators (Verified hashes). Not a single provider: see EXCEPTIONS.
    "core/providers": ["core/base", "core/crypto"],
    # Any one provider; never another one, the registry or the distributor.
    "core/providers/*": ["core/base", "core/crypto", "core/http", "core/providers", "core/providers/online"],
    # Its records are made of the shapes and ids of packs.
    "core/registry": ["core/base", "core/crypto", "core/formats", "core/packing"],
    "core/distributor": [
        "core/base",
        "core/crypto",
        "core/formats",
        "core/packing",
        "core/providers",
        "core/registry",
    ],
    "core/sources": ["core/base", "core/crypto", "core/formats", "core/http"],
    "core/cache": ["core/base", "core/crypto", "core/formats", "core/registry"],
    "core/api": [
        "core/base",
        "core/cache",
        "core/crypto",
        "core/distributor",
        "core/formats",
        "core/packing",
        "core/registry",
    ],
    "core/settings": ["core/base"],
    # Screens see the engine and its values; never a single provider, the network, the keychain or the database.
    "ui": [
        "core/api",
        "core/base",
        "core/cache",
        "core/crypto",
        "core/distributor",
        "core/formats",
        "core/packing",
        "core/providers",
        "core/registry",
        "core/settings",
        "core/sources",
    ],
    # The only place that makes and joins objects.
    "app": ["core", "ui"],
    # Tests see everything; nothing sees the tests.
    "tests": ["core", "ui", "app"],
}

# (file, what it may include besides): each with its reason.
EXCEPTIONS = {
    # The catalogue is the one list of all providers: a row per kind with the function that makes it.
    "core/providers/catalogue.cpp": ["core/providers/*"],
    # The adapters in its folders are linked into its library; of those some use http.
    "core/providers/CMakeLists.txt": ["core/http"],
}

# Qt modules by the beginnings of their headers, and who may use them (beginnings of paths). Tests may use all.
QT_MODULES = {
    "QtSql": (["QtSql/", "QSql"], ["core/registry/"]),
    "QtNetwork": (
        ["QtNetwork/", "QNetwork", "QTcp", "QUdp", "QSsl", "QHost", "QHttp", "QAbstractSocket", "QLocalSocket"]
        + ["QLocalServer", "QAuthenticator", "QHsts", "QDnsLookup"],
        ["core/http/", "core/providers/", "core/sources/", "core/api/", "app/"],
    ),
    "QtWidgets or QtGui": (
        ["QtWidgets/", "QtGui/", "QtSvg/", "QtPrintSupport/", "QWidget", "QDialog", "QMainWindow", "QApplication"]
        + ["QGuiApplication", "QPixmap", "QImage", "QIcon", "QColor", "QPainter", "QFont", "QAction", "QClipboard"]
        + ["QMessageBox", "QDesktopServices", "QSystemTrayIcon", "QStandardItemModel", "QValidator", "QTextDocument"],
        ["ui/", "app/"],
    ),
    "QtConcurrent": (["QtConcurrent", "QThreadPool", "QFutureWatcher"], []),
}

# The CMake names of the same.
QT_TARGETS = {
    "Sql": ["core/registry/"],
    "Network": ["core/http/", "core/providers/", "core/sources/", "core/api/", "app/"],
    "Widgets": ["ui/", "app/"],
    "Gui": ["ui/", "app/"],
    "Svg": ["ui/", "app/"],
    "PrintSupport": ["ui/", "app/"],
    "Concurrent": [],
}

# Files outside core/base that may lock, each with the reason.
MAY_LOCK = {
    "core/distributor/target_folder.h": "pool threads that write into one file take turns",
    "core/distributor/target_folder.cpp": "the same",
}


def layer_of(path):
    """The layer that a file belongs to, or None if it lies in none."""
    parts = path.split("/")
    if parts[0] in ("ui", "app", "tests"):
        return parts[0]
    if parts[0] == "core" and len(parts) >= 3:
        if parts[1] == "providers" and len(parts) >= 4:
            return "core/providers/" + parts[2]
        return "core/" + parts[1]
    return None


def row_of(layer):
    """What the layer may include, or None if the table does not have it."""
    if layer.startswith("core/providers/"):
        return MAY_INCLUDE["core/providers/*"]
    return MAY_INCLUDE.get(layer)


def may_include(path, target_layer):
    """True if the file at path may include something of the layer."""
    layer = layer_of(path)
    if layer == target_layer:
        return True
    for allowed in (row_of(layer) or []) + EXCEPTIONS.get(path, []):
        if allowed == target_layer or (allowed == "core" and target_layer.startswith("core/")):
            return True
        if allowed == "core/providers/*" and target_layer.startswith("core/providers/"):
            return True
    return False
