// SPDX-License-Identifier: GPL-3.0-or-later
// The program's main job over real servers: a WebDAV server, two S3 services and two folders, of which any two may go.
// MF_CLOUDS_SIZE: bytes of the model (60,000,000; by hand 4 GB). MF_CLOUDS_SECONDS: how long two computers work at the
// same time (15; by hand 600).
#include "tests/program/program.h"
#include "tests/servers/dav_servers.h"
#include "tests/servers/s3_servers.h"
#include "tests/support/make_model.h"
#include "tests/support/must.h"

#include <QDirIterator>
#include <QtTest>

#include <thread>

using namespace mf;

namespace {

constexpr qint64 kUsualSize = 60'000'000;
constexpr int kUsualSeconds = 15;

qint64 number(const char *variable, qint64 otherwise)
{
    const qint64 asked = qEnvironmentVariable(variable).toLongLong();
    return asked > 0 ? asked : otherwise;
}

QStringList words(const char *line) { return QString::fromLatin1(line).split(u' '); }

QString set(const QString &key, const QString &value) { return key + u'=' + value; }

// Whether any file below the folder holds these bytes.
QString fileWith(const QString &folder, const QByteArray &bytes)
{
    QDirIterator it(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (it.hasNext()) {
        QFile file(it.next());
        if (file.open(QIODevice::ReadOnly) && file.readAll().contains(bytes))
            return file.fileName();
    }
    return {};
}

// As it is, and as headers and addresses carry it.
QByteArrayList formsOf(const QString &user, const QByteArray &secret)
{
    return { secret, secret.toBase64(), QByteArray(user.toUtf8() + ':' + secret).toBase64(), secret.toHex(),
        secret.toPercentEncoding() };
}

qint64 sizeOfFiles(const QString &folder, const QString &pattern)
{
    qint64 size = 0;
    for (const QFileInfo &file : QDir(folder).entryInfoList({ pattern }, QDir::Files))
        size += file.size();
    return size;
}

} // namespace

class TestClouds : public QObject
{
    Q_OBJECT

    struct Cloud {
        DavServer dav = startRclone();
        S3Server first = startVersity();
        S3Server second = startVersity();
        Program program { QStringList { QStringLiteral("disk"), QStringLiteral("stick") } };
    };

    static bool hasServers()
    {
        return ServerProcess::isInstalled(QStringLiteral("rclone"))
            && ServerProcess::isInstalled(QStringLiteral("versitygw"));
    }

    static Program::Run addDav(const Program &program, const DavServer &server)
    {
        return program.runWith(server.password.toUtf8(),
            words("account add webdav cloud --log-level debug --secret-stdin --set")
                << set(QStringLiteral("url"), server.url.toString() + QStringLiteral("modelfloat"))
                << QStringLiteral("--set") << set(QStringLiteral("user"), server.user) << QStringLiteral("--set")
                << QStringLiteral("domain=cloud"));
    }
    static Program::Run addS3(const Program &program, const S3Server &server, const QString &name)
    {
        return program.runWith(server.secretKey.toUtf8(),
            words("account add s3 --log-level debug")
                << name << QStringLiteral("--secret-stdin") << QStringLiteral("--set")
                << set(QStringLiteral("endpoint"), server.endpoint.toString()) << QStringLiteral("--set")
                << QStringLiteral("bucket=models") << QStringLiteral("--set")
                << set(QStringLiteral("region"), server.region) << QStringLiteral("--set")
                << set(QStringLiteral("access-key"), server.accessKey) << QStringLiteral("--set")
                << set(QStringLiteral("domain"), name));
    }
    static void addClouds(const Program &program, const Cloud &cloud)
    {
        const Program::Run runs[] = { addDav(program, cloud.dav), addS3(program, cloud.first, QStringLiteral("one")),
            addS3(program, cloud.second, QStringLiteral("two")) };
        for (const Program::Run &run : runs)
            QVERIFY2(run.exitCode == 0, run.said().constData());
    }
    static void run(const Program &program, const QStringList &line)
    {
        const Program::Run run = program.run(line);
        QVERIFY2(run.exitCode == 0, run.said().constData());
    }
    static void isThere(const Program &program, const QString &file, const QString &to)
    {
        run(program, words("fetch model --to") << program.path(to));
        QVERIFY(Program::isSameFile(file, program.path(to + QStringLiteral("/model.safetensors"))));
        QVERIFY(QDir(program.path(to)).removeRecursively());
    }

    // "name id state bytes", by name.
    static QStringList modelsOf(const Program &program)
    {
        QStringList models;
        for (const auto &entry : program.run(words("list")).json().value(QStringLiteral("models")).toArray()) {
            const QJsonObject model = entry.toObject();
            models.append(QStringList { model.value(QStringLiteral("name")).toString(),
                model.value(QStringLiteral("id")).toString(), model.value(QStringLiteral("state")).toString(),
                QString::number(model.value(QStringLiteral("bytes")).toInteger()) }
                    .join(u' '));
        }
        models.sort();
        return models;
    }

private slots:
    void anyTwoMayGo()
    {
        if (!hasServers())
            QSKIP("a server is not installed");
        Cloud cloud;
        Program &program = cloud.program;
        addClouds(program, cloud);
        for (const QString &place : { cloud.dav.process->path(QStringLiteral("files/modelfloat")),
                 cloud.first.process->path(QStringLiteral("files/models")),
                 program.accountPath(QStringLiteral("disk")) }) {
            QFile note(place + QStringLiteral("/what-is-this-folder.txt")); // for people
            QVERIFY(note.open(QIODevice::ReadOnly));
            QVERIFY(note.readAll().contains("belongs to ModelFloat"));
        }
        ModelRecipe recipe;
        recipe.format = ModelRecipe::Format::Safetensors;
        recipe.dtype = QStringLiteral("BF16");
        recipe.size = number("MF_CLOUDS_SIZE", kUsualSize);
        const QString file = program.path(QStringLiteral("model.safetensors"));
        must(makeModel(recipe, file));
        run(program, words("store --lose 2 --log-level debug") << file);

        cloud.dav.process->stop();
        cloud.first.process->stop();
        isThere(program, file, QStringLiteral("two gone"));

        // One comes back without anything in it: as long as not even its marker is there, that may be another place.
        const QDir bucket(cloud.first.process->path(QStringLiteral("files/models")));
        QVERIFY(QDir().rename(bucket.path(), bucket.path() + QStringLiteral("-before")));
        QVERIFY(bucket.mkpath(bucket.path()));
        cloud.first.process->startAgain();
        cloud.dav.process->startAgain();
        Program::Run checked = program.run(words("check"));
        QVERIFY2(checked.exitCode == 0, checked.said().constData());
        QVERIFY2(checked.out.contains("the account one is not there"), checked.said().constData());
        // With the marker, but no fragment.
        QVERIFY(bucket.rmdir(bucket.path()));
        QVERIFY(QDir().rename(bucket.path() + QStringLiteral("-before"), bucket.path()));
        QVERIFY(QDir(bucket.filePath(QStringLiteral("f"))).removeRecursively());
        checked = program.run(words("check"));
        QCOMPARE(checked.exitCode, 4); // fragments are missing
        run(program, words("repair"));
        run(program, words("check --deep"));
        cloud.second.process->stop();
        QVERIFY(QDir(program.accountPath(QStringLiteral("stick"))).removeRecursively());
        isThere(program, file, QStringLiteral("two others gone"));
        cloud.second.process->startAgain();

        // A computer that has nothing but the kit.
        const Program other(program, QStringLiteral("other home"));
        run(other, words("init --from-kit") << other.path(QStringLiteral("kit")));
        addClouds(other, cloud);
        run(other, words("recover"));
        isThere(other, file, QStringLiteral("on another computer"));

        const QByteArrayList forms = formsOf(cloud.dav.user, cloud.dav.password.toUtf8())
            + formsOf(cloud.first.accessKey, cloud.first.secretKey.toUtf8());
        for (const char *home : { "home", "other home" }) {
            const QString folder = program.path(QString::fromLatin1(home));
            QVERIFY(!fileWith(folder, "PROPFIND").isEmpty()); // the log says what it can
            for (const QByteArray &form : forms)
                QCOMPARE(fileWith(folder, form), QString());
        }
    }

    void aSecretIsInNoErrorAndNoLog()
    {
        if (!hasServers())
            QSKIP("a server is not installed");
        Cloud cloud;
        S3Server wrong;
        wrong.endpoint = cloud.first.endpoint;
        wrong.region = cloud.first.region;
        wrong.secretKey = QStringLiteral("quite-another-secret");
        DavServer other;
        other.url = cloud.dav.url;
        other.password = wrong.secretKey;
        const QString home = cloud.program.path(QStringLiteral("home"));
        const qint64 before = sizeOfFiles(home, QStringLiteral("secrets*"));
        QVERIFY(before > 0);
        for (const Program::Run &run :
            { addS3(cloud.program, wrong, QStringLiteral("wrong")), addDav(cloud.program, other) }) {
            QVERIFY(run.exitCode != 0);
            QVERIFY2(!run.said().contains(wrong.secretKey.toUtf8()), run.said().constData());
        }
        for (const QByteArray &form : formsOf(other.user, wrong.secretKey.toUtf8()))
            QCOMPARE(fileWith(home, form), QString());
        QCOMPARE(sizeOfFiles(home, QStringLiteral("secrets*")), before); // nor is it kept, sealed
    }

    void twoComputersAtOnce()
    {
        if (!hasServers())
            QSKIP("a server is not installed");
        Cloud cloud;
        addClouds(cloud.program, cloud);
        const Program other(cloud.program, QStringLiteral("other home"));
        run(other, words("init --from-kit") << other.path(QStringLiteral("kit")));
        addClouds(other, cloud);
        for (const char *name : { "disk", "stick" })
            QCOMPARE(other.addAccount(QString::fromLatin1(name)).exitCode, 0);

        // Each stores, changes, removes and collects, and keeps what it stored last.
        const qint64 seconds = number("MF_CLOUDS_SECONDS", kUsualSeconds);
        const auto work = [seconds](const Program &program, const QString &who, QByteArray &failure, int &rounds) {
            QElapsedTimer timer;
            timer.start();
            for (rounds = 0; timer.elapsed() < seconds * 1000 && failure.isEmpty(); ++rounds) {
                ModelRecipe recipe;
                recipe.format = ModelRecipe::Format::Safetensors;
                recipe.dtype = QStringLiteral("BF16");
                recipe.size = 6'000'000;
                recipe.changedLayer = rounds % 3; // parts that both have, parts that come and go
                recipe.seed = std::uint64_t(rounds / 3) + 1;
                const QString file = program.path(who + QStringLiteral(".safetensors"));
                must(makeModel(recipe, file));
                for (const QStringList &line : { words("store --lose 2 --name") << who << file, words("collect") }) {
                    const auto run = program.run(line);
                    if (run.exitCode != 0)
                        failure = line.join(u' ').toUtf8() + ": " + run.said();
                }
                if (rounds % 4 == 3 && failure.isEmpty()) {
                    const auto run = program.run(words("remove --forever") << who);
                    if (run.exitCode != 0)
                        failure = "remove: " + run.said();
                }
            }
        };
        QByteArray failureHere;
        QByteArray failureThere;
        int roundsHere = 0;
        int roundsThere = 0;
        std::thread there([&] { work(other, QStringLiteral("there"), failureThere, roundsThere); });
        work(cloud.program, QStringLiteral("here"), failureHere, roundsHere);
        there.join();
        qInfo("rounds: %d here, %d there", roundsHere, roundsThere);
        QVERIFY2(failureHere.isEmpty(), failureHere.constData());
        QVERIFY2(failureThere.isEmpty(), failureThere.constData());

        // Both see the same, and every byte of it is right.
        for (const Program *program : { &std::as_const(cloud.program), &other }) {
            run(*program, words("sync"));
            run(*program, words("check --deep"));
        }
        const QStringList here = modelsOf(cloud.program);
        QCOMPARE(modelsOf(other), here);
        for (const QString &line : here) {
            const QString name = line.section(u' ', 0, 0);
            const QString file = name + QStringLiteral(".safetensors");
            for (const Program *program : { &std::as_const(cloud.program), &other }) {
                const QString to = cloud.program.path(QStringLiteral("back ") + name);
                run(*program, words("fetch") << name << QStringLiteral("--to") << to);
                QVERIFY2(Program::isSameFile(cloud.program.path(file), to + u'/' + file), qPrintable(name));
                QVERIFY(QDir(to).removeRecursively());
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestClouds)
#include "test_clouds.moc"
