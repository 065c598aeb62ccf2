; Sums the numbers of all lines.
section .bss
text resb 65536
shown resb 64

section .text
global _start
_start:
    xor r12d, r12d          ; lines
    xor r13d, r13d          ; sum
    xor r14d, r14d          ; the number that is being read
.read:
    xor eax, eax
    xor edi, edi
    lea rsi, [rel text]
    mov edx, 65536
    syscall
    test rax, rax
    jle .end
    lea rsi, [rel text]
    lea rbx, [rsi + rax]
.byte:
    movzx eax, byte [rsi]
    inc rsi
    cmp al, 10
    je .line
    sub eax, '0'
    imul r14, r14, 10
    add r14, rax
    jmp .next
.line:
    inc r12
    add r13, r14
    xor r14d, r14d
.next:
    cmp rsi, rbx
    jb .byte
    jmp .read
.end:
    lea rsi, [rel shown + 63]
    mov byte [rsi], 10
    mov rax, r13
    call digits
    dec rsi
    mov byte [rsi], ' '
    mov rax, r12
    call digits
    lea rdx, [rel shown + 64]
    sub rdx, rsi
    mov eax, 1
    mov edi, 1
    syscall
    mov eax, 60
    xor edi, edi
    syscall

digits:                     ; rax before rsi, which moves down
    mov ecx, 10
.digit:
    xor edx, edx
    div rcx
    add dl, '0'
    dec rsi
    mov [rsi], dl
    test rax, rax
    jnz .digit
    ret
