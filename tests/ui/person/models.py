# SPDX-License-Identifier: GPL-3.0-or-later
"""GGUF files that look like well-known small models, their weights aside: those are noise."""

import os
import struct

# Of a tensor's type: number in the file, elements of a block, bytes of a block.
TYPES = {"F16": (1, 1, 2), "Q8_0": (8, 32, 34), "Q4_K_M": (12, 256, 144), "Q6_K": (14, 256, 210)}
FILE_TYPES = {"F16": 1, "Q8_0": 7, "Q4_K_M": 15, "Q6_K": 18}
ALIGNMENT = 32
WIDTH = 1024


def _string(text):
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def _value(value):
    if isinstance(value, int):
        return struct.pack("<II", 4, value)
    return struct.pack("<I", 8) + _string(value)


def write(folder, name, architecture, millions, quantization, context, licence="apache-2.0", layers=16):
    """Of so many million parameters; the path."""
    number, block, size = TYPES[quantization]
    rows = millions * 1_000_000 // WIDTH // (layers + 1)
    tensors = ["token_embd.weight"] + [f"blk.{i}.ffn_up.weight" for i in range(layers)]
    length = rows * WIDTH // block * size
    length += -length % ALIGNMENT
    facts = {
        "general.architecture": architecture,
        "general.name": name,
        "general.license": licence,
        "general.file_type": FILE_TYPES[quantization],
        f"{architecture}.context_length": context,
        f"{architecture}.block_count": layers,
        f"{architecture}.embedding_length": WIDTH,
    }
    header = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(facts))
    for key, value in facts.items():
        header += _string(key) + _value(value)
    for i, tensor in enumerate(tensors):
        header += _string(tensor) + struct.pack("<IQQIQ", 2, WIDTH, rows, number, i * length)
    header += bytes(-len(header) % ALIGNMENT)
    path = folder / f"{name}-{quantization}.gguf"
    with open(path, "wb") as file:
        file.write(header)
        for _ in tensors:
            file.write(os.urandom(length))
    return path
