section .data
minute dq 60, 0

section .text
global _start
_start:
    mov eax, 35             ; nanosleep(minute, 0)
    lea rdi, [rel minute]
    xor esi, esi
    syscall
    mov eax, 60
    xor edi, edi
    syscall
