// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/registry/connection.h"
#include "core/registry/records.h"

namespace mf {

// The files of revisions, their pieces and tensors; see Registry.
Result<FileRow> addFile(Connection &db, RevisionRow revision, const FileRecord &file);
Result<> finishFile(Connection &db, FileRow file, const FileRecord &record);
Result<std::vector<FileRecord>> readFiles(Connection &db, RevisionRow revision);
Result<> setCid(Connection &db, FileRow file, const QString &profile, const QString &cid);

Result<> putPart(Connection &db, FileRow file, int part, const std::vector<Piece> &pieces);
Result<int> partCount(Connection &db, FileRow file);
Result<std::vector<Piece>> readPart(Connection &db, FileRow file, int part);

Result<> putTensors(Connection &db, FileRow file, const std::vector<TensorRecord> &tensors);
Result<std::vector<TensorRecord>> readTensors(Connection &db, FileRow file);

} // namespace mf
