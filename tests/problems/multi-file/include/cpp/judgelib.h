#pragma once
// Copied beside every C++ submission, over a file of the same name.
inline long long judge_gcd(long long a, long long b) { return b == 0 ? a : judge_gcd(b, a % b); }
