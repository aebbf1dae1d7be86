// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What sealing and opening a pack share; private to core/packing.

#include "core/crypto/aead.h"
#include "core/packing/pack.h"

namespace mf {

constexpr std::uint16_t kPackVersion = 1;
constexpr std::size_t kFooterPlain = 16;
constexpr char kPackKeyType[] = "pack";

// The additional data of record r: "mf1 record" || pack id || u32 r || codec || u32 plain length.
QByteArray recordAad(const PackId &pack, std::size_t number, const Record &record);
// "mf1 directory" || pack id, "mf1 footer" || pack id.
QByteArray partAad(QByteArrayView part, const PackId &pack);

qint64 directoryLength(std::span<const Record> records); // plain

// Corrupt "MF-PACK-CORRUPT", naming the pack if it is known.
Error corruptPack(const QString &what, const PackId *pack = nullptr);

} // namespace mf
