// @EXPECTED_RESULTS@: COMPILER-ERROR
int main() { this is not C++; }
