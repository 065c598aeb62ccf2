section .data
line times 1023 db '7'
     db 10

section .text
global _start
_start:
    mov eax, 1              ; write(1, line, 1024)
    mov edi, 1
    lea rsi, [rel line]
    mov edx, 1024
    syscall
    jmp _start
