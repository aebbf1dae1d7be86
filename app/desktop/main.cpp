// SPDX-License-Identifier: GPL-3.0-or-later
// The desktop program as a process: its command line, and one of it per home.
#include "app/cli/interrupt.h"
#include "app/desktop/desktop.h"
#include "app/desktop/given_paths.h"
#include "app/desktop/single_instance.h"
#include "core/base/heap.h"
#include "core/base/open_files.h"
#include "core/base/worker_priority.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QFile>
#include <QMessageBox>

#include <cstdio>

namespace mf {
namespace {

// Of a start that found another one running.
int endSecond(SingleInstance::Answer answer)
{
    if (answer == SingleInstance::Answer::Taken)
        return 0;
    const QString why = answer == SingleInstance::Answer::TooLong
        ? QStringLiteral("ModelFloat is running already and takes no list of so many files. Drop their folder on its "
                         "window instead.")
        : QStringLiteral("ModelFloat is running already, but does not answer. Wait a moment and try again, or end it "
                         "first.");
    std::fprintf(stderr, "modelfloat: %s\n", qUtf8Printable(why));
    if (QGuiApplication::platformName() != QStringLiteral("offscreen")) // there is somebody to read it
        QMessageBox::warning(nullptr, QStringLiteral("ModelFloat"), why);
    return 1;
}

} // namespace
} // namespace mf

int main(int argc, char **argv)
{
    mf::keepHeapSmall();
    mf::allowManyOpenFiles();
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("ModelFloat"));
    QApplication::setApplicationVersion(QStringLiteral(MF_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("io.github.modelfloat.ModelFloat"));

    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral(
        "Keeps AI models safe on the storage you already have.\nFiles and folders given here are offered "
        "for storing; a window that is open already takes them."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption home(
        QStringLiteral("home"), QStringLiteral("Keep the library's index, keys and log there."), QStringLiteral("DIR"));
    const QCommandLineOption secrets(QStringLiteral("secret-store"),
        QStringLiteral("keychain (the default) or file: a file under the passphrase in MODELFLOAT_PASSPHRASE."),
        QStringLiteral("KIND"), QStringLiteral("keychain"));
    const QCommandLineOption level(QStringLiteral("log-level"),
        QStringLiteral("debug, info, warning, error or off; the log is below the home."), QStringLiteral("LEVEL"),
        QStringLiteral("info"));
    const QCommandLineOption background(
        QStringLiteral("background"), QStringLiteral("Start without a window in the way: minimised."));
    parser.addOptions({ home, secrets, level, background });
    parser.addPositionalArgument(
        QStringLiteral("files"), QStringLiteral("models to store"), QStringLiteral("[files…]"));
    parser.process(application);

    mf::LibraryOptions options;
    options.places = mf::placesFor(parser.value(home));
    const QString kind = parser.value(secrets);
    const auto logLevel = mf::logLevelFrom(parser.value(level));
    if ((kind != QStringLiteral("keychain") && kind != QStringLiteral("file")) || !logLevel) {
        std::fprintf(stderr,
            "modelfloat: --secret-store takes keychain or file, --log-level debug, info, warning, "
            "error or off\n");
        return 2;
    }
    options.secrets = kind == QStringLiteral("file") ? mf::SecretStoreKind::File : mf::SecretStoreKind::Keychain;
    options.logLevel = *logLevel;

    const QStringList paths = mf::givenPaths(
        parser.positionalArguments(), QByteArrayList(argv, argv + argc), QFile::encodeName(QDir::currentPath()));
    mf::SingleInstance instance(options.places.home);
    const auto answer = instance.start(paths);
    if (answer != mf::SingleInstance::Answer::Nobody)
        return mf::endSecond(answer);

    mf::letWorkersGiveWay();
    mf::Desktop desktop(std::move(options));
    // Not quit(): that closes the window first, which may ask something, and an answer of no ends nothing.
    QObject::connect(&desktop, &mf::Desktop::quitAsked, &application, [] { QCoreApplication::exit(0); });
    QObject::connect(&instance, &mf::SingleInstance::handed, &desktop, &mf::Desktop::takeOver);
    const mf::cli::Interrupt interrupt([](int) { QCoreApplication::exit(0); });
    QApplication::setQuitOnLastWindowClosed(false);
    desktop.open(paths, parser.isSet(background));
    return QApplication::exec();
}
