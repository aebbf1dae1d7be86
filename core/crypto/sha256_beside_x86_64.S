// SPDX-License-Identifier: GPL-3.0-or-later
// SHA-256 of one long message with the SHA extensions of x86, and of eight more beside it, one in each 32-bit lane of the
// 256-bit registers of AVX-512. The long message's rounds wait for each other most of the time; the eight fill that time.
//
// In assembler, because the SHA instructions have only the encoding of SSE: as long as the upper half of any of the
// registers 0 to 15 is in use each of them may cost hundreds of cycles. The lanes live in the registers 16 to 31, which
// are not meant by that, and no compiler can be told so.
#if defined(__x86_64__)

#define STATE %rdi     // words A to H of the eight, 64 bytes apart
#define WORDS %rsi     // 16 words of the eight, 32 bytes apart; changed
#define LONG %rdx      // ABEF and CDGH of the long message
#define DATA %rcx      // of the long message: eight blocks
#define CONSTANTS %r8  // 64, aligned
#define NOW %r9        // those of the sixteen rounds at hand
#define TIMES %r10

// ---- the eight. Arguments are numbers of registers, and of a word

// Leaves the exclusive or of three rotations (FIPS 180-4, section 4.1.2) in register 24.
.macro rotations x, first, second, third
    vprord $\first, %ymm\x, %ymm24
    vprord $\second, %ymm\x, %ymm25
    vprord $\third, %ymm\x, %ymm26
    vpternlogd $0x96, %ymm26, %ymm25, %ymm24
.endm

.macro lanes_round a, b, c, d, e, f, g, h, word, schedule
    vpaddd (32*(\word))(WORDS), %ymm\h, %ymm\h
    vpaddd (4*(\word))(NOW){1to8}, %ymm\h, %ymm\h
    rotations \e, 6, 11, 25
    vmovdqa32 %ymm\e, %ymm27
    vpternlogd $0xca, %ymm\g, %ymm\f, %ymm27 // choose
    vpaddd %ymm24, %ymm\h, %ymm\h
    vpaddd %ymm27, %ymm\h, %ymm\h
    vpaddd %ymm\h, %ymm\d, %ymm\d
    rotations \a, 2, 13, 22
    vmovdqa32 %ymm\a, %ymm27
    vpternlogd $0xe8, %ymm\c, %ymm\b, %ymm27 // majority
    vpaddd %ymm24, %ymm\h, %ymm\h
    vpaddd %ymm27, %ymm\h, %ymm\h
    .if \schedule
    lanes_schedule \word
    .endif
.endm

// The same of two rotations and a shift of a word.
.macro sigma word, first, second, shift, out
    vmovdqa32 (32*((\word)%16))(WORDS), %ymm\out
    vprord $\first, %ymm\out, %ymm25
    vprord $\second, %ymm\out, %ymm26
    vpsrld $\shift, %ymm\out, %ymm\out
    vpternlogd $0x96, %ymm26, %ymm25, %ymm\out
.endm

// The word of sixteen rounds later takes the place of this one.
.macro lanes_schedule word
    sigma \word+1, 7, 18, 3, 28
    sigma \word+14, 17, 19, 10, 29
    vpaddd (32*(\word))(WORDS), %ymm28, %ymm28
    vpaddd (32*((\word+9)%16))(WORDS), %ymm29, %ymm29
    vpaddd %ymm29, %ymm28, %ymm28
    vmovdqa32 %ymm28, (32*(\word))(WORDS)
.endm

.macro lanes_load word, register
    vmovdqa32 (64*\word)(STATE), %ymm\register
.endm

.macro lanes_add word, register
    vpaddd (64*\word)(STATE), %ymm\register, %ymm\register
    vmovdqa32 %ymm\register, (64*\word)(STATE)
.endm

.macro lanes_state what
    lanes_\what 0, 16
    lanes_\what 1, 17
    lanes_\what 2, 18
    lanes_\what 3, 19
    lanes_\what 4, 20
    lanes_\what 5, 21
    lanes_\what 6, 22
    lanes_\what 7, 23
.endm

// ---- the long one: ABEF in register 1, CDGH in 2, a block in 3 to 6; four rounds at a time

.macro long_begin
    movdqa %xmm1, %xmm9
    movdqa %xmm2, %xmm10
.endm

.macro long_load row, to
    movdqu 16*\row(DATA), %xmm\to
    pshufb %xmm8, %xmm\to
.endm

.macro long_rounds row, words
    movdqa %xmm\words, %xmm0
    paddd 16*\row(CONSTANTS), %xmm0
    sha256rnds2 %xmm0, %xmm1, %xmm2
    pshufd $0x0e, %xmm0, %xmm0
    sha256rnds2 %xmm0, %xmm2, %xmm1
.endm

.macro long_schedule last, now, next, overnext
    sha256msg1 %xmm\overnext, %xmm\next
    movdqa %xmm\now, %xmm7
    palignr $4, %xmm\last, %xmm7
    paddd %xmm7, %xmm\next
    sha256msg2 %xmm\now, %xmm\next
.endm

.macro long_end
    paddd %xmm9, %xmm1
    paddd %xmm10, %xmm2
    add $64, DATA
.endm

// ---- both: eight rounds of the eight, from `word` on, and a block of the long message

.macro both word, schedule
    lanes_round 16, 17, 18, 19, 20, 21, 22, 23, \word, \schedule
    long_begin
    long_load 0, 3
    long_rounds 0, 3
    long_load 1, 4
    long_rounds 1, 4
    lanes_round 23, 16, 17, 18, 19, 20, 21, 22, \word+1, \schedule
    long_load 2, 5
    long_rounds 2, 5
    long_load 3, 6
    long_rounds 3, 6
    long_schedule 5, 6, 3, 4
    lanes_round 22, 23, 16, 17, 18, 19, 20, 21, \word+2, \schedule
    long_rounds 4, 3
    long_schedule 6, 3, 4, 5
    long_rounds 5, 4
    long_schedule 3, 4, 5, 6
    lanes_round 21, 22, 23, 16, 17, 18, 19, 20, \word+3, \schedule
    long_rounds 6, 5
    long_schedule 4, 5, 6, 3
    long_rounds 7, 6
    long_schedule 5, 6, 3, 4
    lanes_round 20, 21, 22, 23, 16, 17, 18, 19, \word+4, \schedule
    long_rounds 8, 3
    long_schedule 6, 3, 4, 5
    long_rounds 9, 4
    long_schedule 3, 4, 5, 6
    lanes_round 19, 20, 21, 22, 23, 16, 17, 18, \word+5, \schedule
    long_rounds 10, 5
    long_schedule 4, 5, 6, 3
    long_rounds 11, 6
    long_schedule 5, 6, 3, 4
    lanes_round 18, 19, 20, 21, 22, 23, 16, 17, \word+6, \schedule
    long_rounds 12, 3
    long_schedule 6, 3, 4, 5
    long_rounds 13, 4
    long_schedule 3, 4, 5, 6
    lanes_round 17, 18, 19, 20, 21, 22, 23, 16, \word+7, \schedule
    long_rounds 14, 5
    long_schedule 4, 5, 6, 3
    long_rounds 15, 6
    long_end
.endm

    .section .rodata
    .balign 16
big_endian: // shuffles the bytes of four words
    .byte 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12

    .text
    .globl mf_sha256_beside
    .hidden mf_sha256_beside
    .type mf_sha256_beside, @function
    .balign 64
mf_sha256_beside:
    .cfi_startproc
    vzeroupper // compilers leave upper halves in use where they are not asked to optimise
    movdqa (LONG), %xmm1
    movdqa 16(LONG), %xmm2
    movdqa big_endian(%rip), %xmm8
    lanes_state load
    mov CONSTANTS, NOW
    mov $3, TIMES
1:
    both 0, 1
    both 8, 1
    add $64, NOW
    dec TIMES
    jnz 1b
    both 0, 0
    both 8, 0
    lanes_state add
    movdqa %xmm1, (LONG)
    movdqa %xmm2, 16(LONG)
    ret
    .cfi_endproc
    .size mf_sha256_beside, .-mf_sha256_beside
#endif
    .section .note.GNU-stack, "", @progbits
