// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/desktop.h"
#include "tests/ui/stories/hands.h"

#include <QTemporaryDir>

#include <memory>

namespace mf {

// The desktop program in the test's process, on a home and folders of its own, worked by its window alone.
class Story : public Hands
{
public:
    // A library with so many folders as accounts, "disk0" and on; its kit counts as saved. The program does not run.
    explicit Story(int accounts = 3);
    explicit Story(const QString &folder); // of another one, which stays
    ~Story();

    bool start(); // the window is there and has the focus, the library is open
    void quit(); // as Quit does
    bool isOpen() const { return m_desktop && m_desktop->service().state() == ui::Service::State::Ready; }
    Desktop &desktop() { return *m_desktop; }

    QString folder() const { return m_path; }
    QString path(const QString &name) const { return m_path + u'/' + name; }
    QString home() const { return path(QStringLiteral("home")); }
    QString account(int number) const { return path(QStringLiteral("disk%1").arg(number)); }
    // A GGUF file of so many bytes, "<name>.gguf"; its path.
    QString makeModel(const QString &name, qint64 bytes) const;

    int fragments(int account) const; // files of models that lie there
    int empty(int account) const; // behind the program's back; how many files went

    // ---- of several steps
    // Drops the file and clicks Store.
    bool dropAndStore(const QString &file, const QString &name) const;
    bool isSafe(const QString &model) const; // in the list of models
    // Through the dialog, until the file is there as it was stored.
    bool fetch(const QString &model, const QString &original, const QString &folder) const;
    bool openDownload(const QString &model, const QString &folder) const; // the dialog, with all given
    bool isBack(const QString &original, const QString &folder) const; // the file alone, as it was stored
    static bool isSame(const QString &a, const QString &b); // files, byte for byte

private:
    LibraryOptions options() const;

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
    std::unique_ptr<Desktop> m_desktop;
};

} // namespace mf
