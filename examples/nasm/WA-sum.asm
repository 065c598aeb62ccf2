; The first number, not the sum.
section .bss
text resb 64

section .text
global _start
_start:
    xor eax, eax
    xor edi, edi
    lea rsi, [rel text]
    mov edx, 64
    syscall
    mov eax, 1
    mov edi, 1
    lea rsi, [rel text]
    mov edx, 1
    syscall
    mov eax, 60
    xor edi, edi
    syscall
