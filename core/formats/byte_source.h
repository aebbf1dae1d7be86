// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Where the format readers take their bytes from: a file, memory, or the head of a file that is still elsewhere.

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace mf {

// Bytes at offsets. The readers only ask for a file's head, in pieces of at most 256 KiB, never for all of it.
class ByteSource
{
public:
    virtual ~ByteSource() = default;

    // Size of the whole file, also where only a part of it can be read.
    virtual qint64 size() const = 0;
    // How much of it can be read, from the start on.
    virtual qint64 available() const { return size(); }
    // Fills all of `out`. Precondition: offset >= 0 and offset + out.size() <= size().
    virtual Result<> readAt(qint64 offset, MutableBytes out) const = 0;
};

// An open file descriptor, which stays the caller's. Blocks: for the pool, not for the event loop.
class DescriptorSource final : public ByteSource
{
public:
    DescriptorSource(int descriptor, qint64 fileSize)
        : m_descriptor(descriptor)
        , m_size(fileSize)
    {
    }
    qint64 size() const override { return m_size; }
    Result<> readAt(qint64 offset, MutableBytes out) const override;

private:
    int m_descriptor;
    qint64 m_size;
};

// A whole file in memory, or its first bytes: what lies behind them is "MF-FORMAT-MORE" (see needsMore), upon which the
// caller gets a longer head and reads again.
class MemorySource final : public ByteSource
{
public:
    explicit MemorySource(ByteView whole)
        : m_head(whole)
        , m_size(static_cast<qint64>(whole.size()))
    {
    }
    MemorySource(ByteView head, qint64 fileSize)
        : m_head(head)
        , m_size(fileSize)
    {
    }
    qint64 size() const override { return m_size; }
    qint64 available() const override { return static_cast<qint64>(m_head.size()); }
    Result<> readAt(qint64 offset, MutableBytes out) const override;

private:
    ByteView m_head;
    qint64 m_size;
};

// A part of another source, which outlives it.
class PartSource final : public ByteSource
{
public:
    // Precondition: 0 <= offset, 0 <= length <= whole.size() - offset.
    PartSource(const ByteSource &whole, qint64 offset, qint64 length)
        : m_whole(whole)
        , m_offset(offset)
        , m_length(length)
    {
    }
    qint64 size() const override { return m_length; }
    Result<> readAt(qint64 offset, MutableBytes out) const override { return m_whole.readAt(m_offset + offset, out); }

private:
    const ByteSource &m_whole;
    qint64 m_offset;
    qint64 m_length;
};

// True if a reader failed only because its MemorySource holds too short a head.
bool needsMore(const Error &error);

// What the readers find wrong with a file. `what` continues "this file's header could not be read: …".
namespace formatError {
Error truncated(const QString &what); // Corrupt, MF-FORMAT-TRUNCATED
Error invalid(const QString &what); // Corrupt, MF-FORMAT-INVALID
Error unsupported(const QString &what); // Unsupported, MF-FORMAT-UNSUPPORTED: a version or a type that we do not know
Error limit(const QString &what); // Unsupported, MF-FORMAT-LIMIT: larger than any real model's
}

} // namespace mf
