#pragma once
long long product(long long a, long long b);
