#pragma once

bool is_prime(long long n);
bool is_proper_divisor(long long d, long long n);
