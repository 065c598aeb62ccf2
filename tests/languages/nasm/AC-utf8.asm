section .data
more db "ầ😀", 10
length equ $ - more

section .bss
text resb 1024

section .text
global _start
_start:
    xor eax, eax
    xor edi, edi
    lea rsi, [rel text]
    mov edx, 1024
    syscall
    mov edx, eax
    mov eax, 1
    mov edi, 1
    lea rsi, [rel text]
    syscall
    mov eax, 1
    mov edi, 1
    lea rsi, [rel more]
    mov edx, length
    syscall
    mov eax, 60
    xor edi, edi
    syscall
