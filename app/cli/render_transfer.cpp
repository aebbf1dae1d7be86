// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/render_transfer.h"

#include "app/cli/layout.h"
#include "core/base/size_text.h"

#include <QJsonArray>

namespace mf::cli {

namespace {

// Below what they belong to.
void add(QStringList &lines, const QStringList &warnings)
{
    for (const QString &warning : warnings)
        lines << QStringLiteral("  ") + printable(warning);
}

QString joined(const QStringList &lines) { return lines.join(u'\n') + u'\n'; }

QJsonValue rateOrNull(const std::optional<qint64> &rate)
{
    return rate ? QJsonValue(*rate) : QJsonValue(QJsonValue::Null);
}

QString rateOrNone(qint64 rate) { return rate > 0 ? rateText(static_cast<double>(rate)) : QStringLiteral("none"); }

} // namespace

QJsonObject storeJson(const StoreResult &result, Elapsed elapsed)
{
    return { { QStringLiteral("model"), result.model }, { QStringLiteral("revision"), result.revision },
        { QStringLiteral("bytes"), result.bytes }, { QStringLiteral("newBytes"), result.newBytes },
        { QStringLiteral("storedBytes"), result.storedBytes },
        { QStringLiteral("uploadedBytes"), result.uploadedBytes }, { QStringLiteral("seconds"), secondsOf(elapsed) },
        { QStringLiteral("unchanged"), result.unchanged }, { QStringLiteral("reducedPacks"), result.reducedPacks },
        { QStringLiteral("onThisComputer"), result.onThisComputer },
        { QStringLiteral("warnings"), QJsonArray::fromStringList(result.warnings) } };
}

QString storeText(const StoreResult &result, Elapsed elapsed)
{
    const QString model = printable(result.model);
    if (result.onThisComputer) {
        QStringList lines { QStringLiteral("No account can be reached: %1 (revision %2) is on this computer only.")
                                .arg(model)
                                .arg(result.revision),
            QStringLiteral(
                "  %1, %2 after compression and encryption, wait here; losing this computer loses the model.")
                .arg(sizeText(result.bytes), sizeText(result.storedBytes)),
            QStringLiteral(
                "  It moves to the accounts by itself with the next `sync`, `store` or `repair` that reaches "
                "them.") };
        add(lines, result.warnings);
        return joined(lines);
    }
    if (result.unchanged) {
        QStringList lines { QStringLiteral("%1 is stored already (revision %2): nothing changed, nothing was sent.")
                .arg(model)
                .arg(result.revision) };
        add(lines, result.warnings);
        return joined(lines);
    }
    QStringList lines {
        QStringLiteral("Stored %1 (revision %2) in %3.").arg(model).arg(result.revision).arg(durationText(elapsed)),
        QStringLiteral("  %1, of which %2 were new").arg(sizeText(result.bytes), sizeText(result.newBytes)),
        QStringLiteral("  %1 after compression, %2 uploaded with redundancy")
            .arg(sizeText(result.storedBytes), sizeText(result.uploadedBytes))
    };
    if (result.reducedPacks > 0)
        lines << QStringLiteral("  Too few accounts took fragments: it can be read, but is below its protection.");
    add(lines, result.warnings);
    return joined(lines);
}

QJsonObject estimateJson(const EstimateResult &result)
{
    QJsonArray accounts;
    for (const auto &account : result.perAccount) {
        const QJsonValue freeAfter = account.freeAfter ? QJsonValue(*account.freeAfter) : QJsonValue(QJsonValue::Null);
        accounts.append(QJsonObject { { QStringLiteral("account"), account.account },
            { QStringLiteral("bytes"), account.bytes }, { QStringLiteral("freeAfter"), freeAfter } });
    }
    return { { QStringLiteral("model"), result.model }, { QStringLiteral("bytes"), result.bytes },
        { QStringLiteral("newBytes"), result.newBytes }, { QStringLiteral("storedBytes"), result.storedBytes },
        { QStringLiteral("protection"), protectionWord(result.protection) }, { QStringLiteral("fits"), result.fits },
        { QStringLiteral("warnings"), QJsonArray::fromStringList(result.warnings) },
        { QStringLiteral("perAccount"), accounts } };
}

QString estimateText(const EstimateResult &result, int width)
{
    QStringList lines { QStringLiteral("%1: %2, of which %3 are new")
                            .arg(printable(result.model), sizeText(result.bytes), sizeText(result.newBytes)),
        QStringLiteral("  about %1 after compression, protection %2")
            .arg(sizeText(result.storedBytes), protectionWord(result.protection)) };
    if (!result.fits)
        lines << QStringLiteral("  It does not fit: lower the protection, leave something out, or add an account.");
    add(lines, result.warnings);
    using Align = TextTable::Align;
    TextTable table({ TextTable::Column(QStringLiteral("ACCOUNT"), Align::Left, true),
        TextTable::Column(QStringLiteral("THIS TAKES"), Align::Right),
        TextTable::Column(QStringLiteral("LEFT"), Align::Right) });
    for (const auto &account : result.perAccount) {
        table.addRow({ account.account, sizeText(account.bytes),
            account.freeAfter ? sizeText(*account.freeAfter) : QStringLiteral("—") });
    }
    return joined(lines) + (table.isEmpty() ? QString() : QString(u'\n' + table.toText(width)));
}

QJsonObject fetchJson(const FetchResult &result, const QString &to, Elapsed elapsed)
{
    QJsonArray files;
    for (const FileRecord &file : result.files) {
        files.append(
            QJsonObject { { QStringLiteral("path"), file.path }, { QStringLiteral("sha256"), file.sha256.toHex() } });
    }
    QJsonArray damaged;
    for (const Damage &damage : result.stats.damages) {
        damaged.append(QJsonObject { { QStringLiteral("account"), damage.account },
            { QStringLiteral("pack"), damage.pack.toHex() }, { QStringLiteral("fragment"), damage.fragment },
            { QStringLiteral("what"), damage.what } });
    }
    QJsonObject unreachable;
    for (auto account = result.stats.unreachable.begin(); account != result.stats.unreachable.end(); ++account)
        unreachable.insert(account.key(), account.value());
    return { { QStringLiteral("model"), result.model }, { QStringLiteral("to"), to },
        { QStringLiteral("bytes"), result.bytes }, { QStringLiteral("files"), files },
        { QStringLiteral("seconds"), secondsOf(elapsed) }, { QStringLiteral("reusedBytes"), result.reused },
        { QStringLiteral("networkBytes"), result.stats.network }, { QStringLiteral("hedges"), result.stats.hedges },
        { QStringLiteral("rebuilt"), result.stats.rebuilt }, { QStringLiteral("damaged"), damaged },
        { QStringLiteral("healed"), result.healed.rebuilt }, { QStringLiteral("unreachable"), unreachable } };
}

QString fetchText(const FetchResult &result, const QString &to, Elapsed elapsed)
{
    QStringList lines { QStringLiteral("Fetched %1: %2, %3, verified, in %4.")
                            .arg(printable(result.model),
                                counted(static_cast<qint64>(result.files.size()), "file", "files"),
                                sizeText(result.bytes), durationText(elapsed)),
        QStringLiteral("  to %1").arg(printable(to)) };
    if (result.reused > 0)
        lines << QStringLiteral("  %1 were there already").arg(sizeText(result.reused));
    const auto &unreachable = result.stats.unreachable;
    for (auto account = unreachable.begin(); account != unreachable.end(); ++account)
        lines << QStringLiteral("  without account %1: %2").arg(printable(account.key()), printable(account.value()));
    for (const Damage &damage : result.stats.damages) {
        lines << QStringLiteral("  fragment %1 of pack %2 on %3 is damaged (%4); others made up for it")
                     .arg(QString::number(damage.fragment), damage.pack.toHex().left(8), printable(damage.account),
                         printable(damage.what));
    }
    if (result.healed.rebuilt > 0)
        lines << QStringLiteral("  %1 rebuilt and replaced")
                     .arg(counted(result.healed.rebuilt, "fragment was", "fragments were"));
    if (!result.healed.problem.isEmpty())
        lines << QStringLiteral("  not all of it could be mended now: %1").arg(printable(result.healed.problem));
    return joined(lines);
}

QJsonObject initJson(const LibraryId &library, const QString &kitFile, const QStringList &words)
{
    return { { QStringLiteral("library"), library.toHex() },
        { QStringLiteral("kit"), kitFile.isEmpty() ? words.join(u' ') : kitFile } };
}

QJsonObject newKitJson(const EpochId &epoch, const QString &kitFile, const QStringList &words)
{
    return { { QStringLiteral("kit"), kitFile.isEmpty() ? words.join(u' ') : kitFile },
        { QStringLiteral("epoch"), epoch.toHex() } };
}

QString newKitText()
{
    return QStringLiteral("This is the library's kit from now on: what is stored from here opens with it alone, and it "
                          "opens everything older, too.\nThe old kit still opens what was stored before; rekey, then "
                          "collect, end that.\nYour other computers write nothing until each was given the new kit: "
                          "init --from-kit FILE.\n");
}

QJsonObject rekeyJson(const RekeyResult &result)
{
    return { { QStringLiteral("models"), result.models }, { QStringLiteral("packs"), result.packs },
        { QStringLiteral("uploadedBytes"), result.uploadedBytes } };
}

QString rekeyText(const RekeyResult &result)
{
    QString text;
    for (const QString &warning : result.warnings)
        text += QStringLiteral("Warning: %1\n").arg(printable(warning));
    if (result.left > 0)
        return text
            + QStringLiteral(
                "Not everything could be made anew; the old keys still open the rest. Do it again when the "
                "above is mended.\n");
    if (result.packs == 0 && result.models == 0)
        return text + QStringLiteral("Everything is under the newest keys already.\n");
    return text
        + QStringLiteral("%1 of %2 made anew, %3 sent. Now collect: until then the old kit still opens what is there. "
                         "It opens for ever what was copied elsewhere, as over IPFS.\n")
              .arg(counted(result.packs, "pack", "packs"), counted(result.models, "model", "models"),
                  sizeText(result.uploadedBytes));
}

QString kitText(const QStringList &words, const LibraryId &library, const QDateTime &made)
{
    QStringList lines { QStringLiteral("# ModelFloat recovery kit"),
        QStringLiteral("# Library %1, %2").arg(library.toHex(), made.toUTC().toString(QStringLiteral("yyyy-MM-dd"))),
        QStringLiteral("#"),
        QStringLiteral("# These 24 words and enough of your accounts open the library on any computer."),
        QStringLiteral("# Whoever has them can read your models. Nobody can make them again for you."),
        QStringLiteral("#"),
        QStringLiteral("# With ModelFloat: init --from-kit FILE, account add for each account, recover."),
        QStringLiteral("# Without it: restore.py (in its share/modelfloat, with bip39-english.txt) needs"),
        QStringLiteral("# only this kit, the files on the accounts, and Python with its packages"),
        QStringLiteral("# cryptography and zstandard."), QString() };
    constexpr qsizetype kInRow = 4;
    constexpr qsizetype kLongestWord = 8; // of the list
    for (qsizetype row = 0; row < words.size(); row += kInRow) {
        QString line;
        for (qsizetype i = row; i < std::min(row + kInRow, words.size()); ++i)
            line += QStringLiteral("%1. %2").arg(i + 1, 2).arg(words.at(i).leftJustified(kLongestWord + 3));
        while (line.endsWith(u' '))
            line.chop(1);
        lines << line;
    }
    return joined(lines);
}

QJsonObject tagsJson(const QString &model, const QStringList &tags)
{
    return { { QStringLiteral("model"), model }, { QStringLiteral("tags"), QJsonArray::fromStringList(tags) } };
}

QString tagsText(const QString &model, const QStringList &tags)
{
    const QString list = tags.isEmpty() ? QStringLiteral("no tags") : printable(tags.join(QStringLiteral(", ")));
    return QStringLiteral("%1: %2\n").arg(printable(model), list);
}

QJsonObject limitsJson(const SpeedLimits &limits, const QDateTime &local)
{
    const QString format = QStringLiteral("HH:mm");
    const auto now = limits.at(local);
    const QJsonObject alternative { { QStringLiteral("up"), rateOrNull(limits.alternativeUp) },
        { QStringLiteral("down"), rateOrNull(limits.alternativeDown) },
        { QStringLiteral("from"), limits.from.isValid() ? QJsonValue(limits.from.toString(format)) : QJsonValue() },
        { QStringLiteral("to"), limits.to.isValid() ? QJsonValue(limits.to.toString(format)) : QJsonValue() },
        { QStringLiteral("days"), daysWord(limits.days) } };
    const QJsonObject all { { QStringLiteral("up"), limits.up }, { QStringLiteral("down"), limits.down },
        { QStringLiteral("alternative"), alternative } };
    return { { QStringLiteral("limits"), all },
        { QStringLiteral("now"),
            QJsonObject { { QStringLiteral("up"), now.up }, { QStringLiteral("down"), now.down } } } };
}

QString limitsText(const SpeedLimits &limits, const QDateTime &local)
{
    QStringList lines { QStringLiteral("Always: up %1, down %2").arg(rateOrNone(limits.up), rateOrNone(limits.down)) };
    if (limits.hasSchedule()) {
        const QString days = daysWord(limits.days) == QStringLiteral("every-day") ? QStringLiteral("every day")
                                                                                  : daysWord(limits.days);
        lines << QStringLiteral("From %1 to %2, %3: up %4, down %5%6")
                     .arg(limits.from.toString(QStringLiteral("HH:mm")), limits.to.toString(QStringLiteral("HH:mm")),
                         days, rateOrNone(limits.alternativeUp.value_or(limits.up)),
                         rateOrNone(limits.alternativeDown.value_or(limits.down)),
                         limits.isAlternative(local) ? QStringLiteral(" (now)") : QString());
    } else if (limits.alternativeUp || limits.alternativeDown) {
        lines << QStringLiteral("Scheduled limits are set, but no time for them: set alt-from and alt-to");
    }
    return joined(lines);
}

} // namespace mf::cli
