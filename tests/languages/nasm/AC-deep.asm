; A hundred thousand calls, each of which counts itself when it returns.
section .bss
text resb 64

section .text
global _start
down:
    test rdi, rdi
    jz .end
    push rdi
    dec rdi
    call down
    pop rdi
    inc rax
    ret
.end:
    xor eax, eax
    ret

_start:
    mov edi, 100000
    call down
    lea rsi, [rel text + 63]
    mov byte [rsi], 10
    mov ecx, 10
.digit:
    xor edx, edx
    div rcx
    add dl, '0'
    dec rsi
    mov [rsi], dl
    test rax, rax
    jnz .digit
    lea rdx, [rel text + 64]
    sub rdx, rsi
    mov eax, 1
    mov edi, 1
    syscall
    mov eax, 60
    xor edi, edi
    syscall
