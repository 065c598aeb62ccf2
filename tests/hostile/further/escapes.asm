; What a program in assembly can try, as escapes.c does for C: a call whose answer is negative is `contained`.
; ATTACK class, name, number of the call, up to five arguments: where the name is the wanted one, calls.
%macro ATTACK 3-8 0, 0, 0, 0, 0
    jmp %%over
%%name: db %2
%%end:
%%over:
    lea rsi, [rel %%name]
    mov ecx, %%end - %%name
    call is_wanted
    jne %%not
    mov eax, %3
    mov rdi, %4
    mov rsi, %5
    mov rdx, %6
    mov r10, %7
    mov r8, %8
    syscall
    jmp tried
%%not:
%endmacro

O_CREAT_WRONLY equ 101o
section .data
address: dw 2
    db 0, 80, 93, 184, 215, 14, 0, 0, 0, 0, 0, 0, 0, 0
engine: dw 1
    db "/var/run/docker.sock", 0
engine_end:
root_file: db "/x", 0
users: db "/etc/passwd", 0
others: db "/etc/users", 0
environment: db "/proc/1/environ", 0
tmpfs: db "tmpfs", 0
place: db "/mnt", 0
through: db "through: "
through_end:
contained: db "contained", 10
contained_end:

section .bss
wanted resb 128
length resq 1

section .text
global _start
; Compares [rsi], rcx bytes, with the wanted name.
is_wanted:
    cmp rcx, [rel length]
    jne .end
    lea rdi, [rel wanted]
    repe cmpsb
.end:
    ret

; A socket of a family, in r15; the answer of a negative one is the next call's.
plug:
    mov eax, 41
    mov esi, 1
    xor edx, edx
    syscall
    mov r15, rax
    ret

_start:
    xor eax, eax
    xor edi, edi
    lea rsi, [rel wanted]
    mov edx, 128
    syscall
    dec rax
    mov [rel length], rax
    mov edi, 2
    call plug
    mov r14, r15
    mov edi, 1
    call plug
    ATTACK "network", "tcp", 42, r14, address, 16
    ATTACK "sockets", "the engine", 42, r15, engine, engine_end - engine
    ATTACK "sockets", "inet raw", 41, 2, 3, 1
    ATTACK "sockets", "netlink", 41, 16, 3, 0
    ATTACK "other processes", "environment of the runner", 2, environment, 0
    ATTACK "other processes", "seize the runner", 101, 0x4206, 1, 0, 0
    ATTACK "privileges", "root by call", 105, 0
    ATTACK "namespaces", "mounts", 272, 0x20000
    ATTACK "mounts", "a file system in memory", 165, tmpfs, place, tmpfs, 0, 0
    ATTACK "mounts", "another root", 161, place
    ATTACK "files", "the root", 2, root_file, O_CREAT_WRONLY, 600o
    ATTACK "files", "names of the root", 82, users, others
    mov edi, 3
    jmp exit

tried:
    test rax, rax
    js .contained
    mov eax, 1
    mov edi, 1
    lea rsi, [rel through]
    mov edx, through_end - through
    syscall
    mov eax, 1
    mov edi, 1
    lea rsi, [rel wanted]
    mov rdx, [rel length]
    inc rdx
    jmp .say
.contained:
    mov eax, 1
    mov edi, 1
    lea rsi, [rel contained]
    mov edx, contained_end - contained
.say:
    syscall
    xor edi, edi
exit:
    mov eax, 60
    syscall
