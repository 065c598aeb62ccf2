from dmoj.result import CheckerResult
from dmoj.utils.unicode import utf8text


def check(process_output, judge_output, judge_input, point_value, within=0, **kwargs):
    """The root of the number, with all points if it is exact enough, and half of them if it is near."""
    print("points 1000", utf8text(process_output))
    got = float(utf8text(process_output))
    expected = float(judge_output)
    if abs(got - expected) < 1e-6:
        return True
    if abs(got - expected) <= within:
        return CheckerResult(True, point_value / 2, f"near the root of {utf8text(judge_input).strip()}")
    return False
