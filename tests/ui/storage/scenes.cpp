// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/storage/scenes.h"

#include "core/distributor/account.h"
#include "core/providers/s3/s3.h"
#include "core/providers/webdav/webdav.h"
#include "ui/storage/add_account_dialog.h"
#include "ui/storage/sign_in_dialog.h"
#include "ui/storage/storage_page.h"

#include <QLineEdit>
#include <QPushButton>

namespace mf::ui {
namespace {

constexpr QSize kPage { 980, 660 };
constexpr QSize kNarrow { 560, 430 };
constexpr QSize kDialog { 560, 340 };

using Health = AccountEntry::Health;

std::unique_ptr<QWidget> page(SceneDesk &scene, const QString &account = {})
{
    auto page = std::make_unique<StoragePage>(scene.desk);
    if (!account.isEmpty())
        page->reveal(account);
    return page;
}

// Filled in; submit: and sent.
std::unique_ptr<QWidget> dialog(SceneDesk &scene, const QString &path, bool submit)
{
    AddAccountDialog *dialog = AddAccountDialog::open(scene.desk, nullptr);
    dialog->setAttribute(Qt::WA_DeleteOnClose, false);
    if (auto *field = dialog->findChild<QLineEdit *>(QStringLiteral("account.field.path")))
        field->setText(path);
    if (submit)
        dialog->findChild<QPushButton *>(QStringLiteral("account.submit"))->click();
    return std::unique_ptr<QWidget>(dialog);
}

std::unique_ptr<QWidget> signIn(SceneDesk &scene, bool submit)
{
    addSignedOut(scene);
    SignInDialog *dialog = SignInDialog::open(scene.desk, nullptr, scene.service.shownAccounts.back());
    dialog->setAttribute(Qt::WA_DeleteOnClose, false);
    if (submit) {
        dialog->findChild<QLineEdit *>(QStringLiteral("account.field.password"))->setText(QStringLiteral("secret"));
        dialog->findChild<QPushButton *>(QStringLiteral("signIn.submit"))->click();
    }
    return std::unique_ptr<QWidget>(dialog);
}

QString newPlace() { return QStringLiteral("/media/anna/Travel disk/ModelFloat"); }

Error gone()
{
    return Error(Error::Kind::NotFound, QStringLiteral("MF-ACCOUNT-GONE"),
        QStringLiteral("the folder /media/anna/Travel disk cannot be written: permission denied"));
}

Error unknownCertificate()
{
    return Error(Error::Kind::Unauthorised, QStringLiteral("MF-HTTP-CERTIFICATE"),
        QStringLiteral("the certificate of nas.local cannot be trusted: it is self-signed"))
        .with(QStringLiteral("certificate"), QString(QStringLiteral("ab:")).repeated(31) + QStringLiteral("cd"));
}

} // namespace

Service::AccountKind signInKind()
{
    Service::AccountKind kind;
    kind.id = QStringLiteral("webdav");
    kind.title = QStringLiteral("WebDAV");
    const auto field = [&kind](const char *key, const QString &label, FormField::Type type, bool required) {
        FormField one;
        one.key = QLatin1String(key);
        one.label = label;
        one.type = type;
        one.required = required;
        kind.fields.push_back(one);
    };
    field("url", QStringLiteral("Address"), FormField::Type::Url, true);
    field("user", QStringLiteral("User"), FormField::Type::Text, true);
    field("password", QStringLiteral("Password"), FormField::Type::Secret, true);
    field("login", QStringLiteral("Sign-in"), FormField::Type::Choice, false);
    kind.fields.back().choices = { QStringLiteral("Basic"), QStringLiteral("Digest") };
    kind.fields.front().help = QStringLiteral("The address of your folder on the server.");
    return kind;
}

Service::AccountKind s3Kind()
{
    const ProviderKind kind = mf::s3Kind();
    return { kind.id, kind.title, kind.fields, kind.presets };
}

Service::AccountKind webDavKind()
{
    const ProviderKind kind = mf::webDavKind();
    return { kind.id, kind.title, kind.fields, kind.presets };
}

QString addSignedOut(SceneDesk &scene)
{
    scene.service.shownKinds.push_back(webDavKind());
    AccountEntry account = scene.service.shownAccounts.back();
    account.id.bytes[0] = 99;
    account.name = QStringLiteral("Weird cloud");
    account.kind = QStringLiteral("webdav");
    account.kindTitle = QStringLiteral("WebDAV");
    account.place = QStringLiteral("https://cloud.example.org/dav/models");
    account.health = Health::SignIn;
    account.hasSecret = true;
    account.trouble = Error(Error::Kind::Unauthorised, QStringLiteral("MF-HTTP-401"),
        QStringLiteral("cannot read: cloud.example.org answered with status 401; check user and password"));
    scene.service.shownAccounts.push_back(account);
    return account.name;
}

QString addElsewhere(SceneDesk &scene)
{
    AccountEntry account;
    account.id.bytes[0] = 98;
    account.name = QStringLiteral("Studio disk");
    account.kindTitle = QStringLiteral("On another computer");
    account.domain = QStringLiteral("studio");
    account.health = Health::Unreachable;
    account.trouble = notAddedHere();
    scene.service.shownAccounts.push_back(account);
    return account.name;
}

std::vector<Scene> storageScenes()
{
    return {
        { QStringLiteral("storage-full"), [](SceneDesk &scene) { return page(scene); }, kPage },
        { QStringLiteral("storage-narrow"), [](SceneDesk &scene) { return page(scene); }, kNarrow },
        { QStringLiteral("storage-away"), [](SceneDesk &scene) { return page(scene, QStringLiteral("NAS (attic)")); },
            kPage },
        { QStringLiteral("storage-elsewhere"), [](SceneDesk &scene) { return page(scene, addElsewhere(scene)); },
            kPage },
        { QStringLiteral("storage-loss-unreadable"),
            [](SceneDesk &scene) {
                scene.service.shownLoss.unreadable
                    = { QStringLiteral("gemma-2-9b-it"), QStringLiteral("Mistral-7B-Instruct-v0.3") };
                scene.service.shownLoss.atRisk = { QStringLiteral("Qwen2.5-7B-Instruct") };
                scene.service.shownAccounts[4].domain = scene.service.shownAccounts[0].domain;
                return page(scene, QStringLiteral("Second disk"));
            },
            kPage },
        { QStringLiteral("storage-loss-error"),
            [](SceneDesk &scene) {
                scene.service.fails = gone();
                return page(scene);
            },
            kPage },
        { QStringLiteral("storage-none-reached"),
            [](SceneDesk &scene) {
                for (AccountEntry &account : scene.service.shownAccounts)
                    account.health = Health::Unreachable;
                return page(scene);
            },
            kPage },
        { QStringLiteral("storage-connecting"),
            [](SceneDesk &scene) {
                scene.service.answersNever = true;
                for (AccountEntry &account : scene.service.shownAccounts) {
                    account.health = Health::Connecting;
                    account.total.reset();
                }
                return page(scene);
            },
            kPage },
        { QStringLiteral("storage-empty"),
            [](SceneDesk &scene) {
                scene.service.shownAccounts.clear();
                return page(scene);
            },
            kPage },
        { QStringLiteral("storage-opening"),
            [](SceneDesk &scene) {
                scene.service.shownState = Service::State::Opening;
                return page(scene);
            },
            kPage },
        { QStringLiteral("storage-failed"),
            [](SceneDesk &scene) {
                scene.service.shownState = Service::State::Failed;
                scene.service.shownFailure = Error(Error::Kind::Unauthorised, QStringLiteral("MF-LIBRARY-LOCKED"),
                    QStringLiteral("the keychain of this computer is locked: unlock it"));
                return page(scene);
            },
            kPage },
        { QStringLiteral("account-form-empty"), [](SceneDesk &scene) { return dialog(scene, {}, false); }, kDialog },
        { QStringLiteral("account-form"), [](SceneDesk &scene) { return dialog(scene, newPlace(), false); }, kDialog },
        { QStringLiteral("account-form-kinds"),
            [](SceneDesk &scene) {
                scene.service.shownKinds.insert(scene.service.shownKinds.begin(), signInKind());
                return dialog(scene, {}, false);
            },
            { 560, 480 } },
        { QStringLiteral("account-form-s3"),
            [](SceneDesk &scene) {
                scene.service.shownKinds.insert(scene.service.shownKinds.begin(), s3Kind());
                return dialog(scene, {}, false);
            },
            { 600, 780 } },
        { QStringLiteral("account-form-s3-small"),
            [](SceneDesk &scene) {
                scene.service.shownKinds.insert(scene.service.shownKinds.begin(), s3Kind());
                return dialog(scene, {}, false);
            },
            kDialog },
        { QStringLiteral("account-testing"),
            [](SceneDesk &scene) {
                scene.service.answersNever = true;
                return dialog(scene, newPlace(), true);
            },
            kDialog },
        { QStringLiteral("account-failed"),
            [](SceneDesk &scene) {
                scene.service.fails = gone();
                return dialog(scene, newPlace(), true);
            },
            kDialog },
        { QStringLiteral("account-certificate"),
            [](SceneDesk &scene) {
                scene.service.fails = unknownCertificate();
                return dialog(scene, newPlace(), true);
            },
            kDialog },
        { QStringLiteral("account-failed-step"),
            [](SceneDesk &scene) {
                scene.service.fails = gone().with(QStringLiteral("step"), QStringLiteral("list"));
                return dialog(scene, newPlace(), true);
            },
            { 560, 380 } },
        { QStringLiteral("storage-signed-out"), [](SceneDesk &scene) { return page(scene, addSignedOut(scene)); },
            kPage },
        { QStringLiteral("account-sign-in"), [](SceneDesk &scene) { return signIn(scene, false); }, kDialog },
        { QStringLiteral("account-sign-in-trying"),
            [](SceneDesk &scene) {
                scene.service.answersNever = true;
                return signIn(scene, true);
            },
            kDialog },
        { QStringLiteral("account-sign-in-failed"),
            [](SceneDesk &scene) {
                scene.service.fails = gone();
                return signIn(scene, true);
            },
            kDialog },
        { QStringLiteral("account-sign-in-certificate"),
            [](SceneDesk &scene) {
                scene.service.fails = unknownCertificate();
                return signIn(scene, true);
            },
            kDialog },
        { QStringLiteral("account-added"), [](SceneDesk &scene) { return dialog(scene, newPlace(), true); }, kDialog },
    };
}

} // namespace mf::ui
