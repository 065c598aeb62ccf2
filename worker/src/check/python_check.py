"""Runs a checker that was written for DMOJ's judge: `check(process_output, judge_output, **kwargs)`.

Called as `INPUT OUTPUT ANSWER POINTS BINARY ARGUMENTS CHECKER`; ends as a checker for testlib does: 0 right, 1 wrong, 7 with
"points X" on standard error, 3 failed. What it stands on of the judge's own modules is here, and no more. What a checker prints
goes nowhere, as in DMOJ: it may print what the program printed, which must not be taken for points.
"""
import importlib.util
import json
import os
import sys
import types


class CheckerResult:
    def __init__(self, passed, points, feedback=None, extended_feedback=None):
        self.passed, self.points = passed, points
        self.feedback, self.extended_feedback = feedback, extended_feedback


class InternalError(Exception):
    pass


def utf8bytes(text):
    return text.encode("utf-8") if isinstance(text, str) else text


def utf8text(data, errors="strict"):
    return data.decode("utf-8", errors) if isinstance(data, (bytes, bytearray, memoryview)) else data


def module(name, **members):
    made = types.ModuleType(name)
    made.__path__ = []
    vars(made).update(members)
    sys.modules[name] = made
    above, _, last = name.rpartition(".")
    if above:
        setattr(sys.modules[above], last, made)


def standard(judge_output, process_output):
    def lines(text):
        split = (line.split() for line in utf8bytes(text).replace(b"\r", b"\n").split(b"\n"))
        return [line for line in split if line]

    return lines(judge_output) == lines(process_output)


module("dmoj")
module("dmoj.result", CheckerResult=CheckerResult)
module("dmoj.error", InternalError=InternalError)
module("dmoj.utils")
module("dmoj.utils.unicode", utf8bytes=utf8bytes, utf8text=utf8text)
module("dmoj.checkers")
module("dmoj.checkers._checker", standard=standard)


def normalized(data):
    data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data if not data or data.endswith(b"\n") else data + b"\n"


def main():
    places, (points, binary, arguments, checker) = sys.argv[1:4], sys.argv[4:8]
    judge_input, process_output, judge_output = (open(place, "rb").read() for place in places)
    if binary != "binary":
        judge_input, judge_output = normalized(judge_input), normalized(judge_output)
    points = float(points)
    points = int(points) if points == int(points) else points
    beside = os.path.dirname(os.path.abspath(__file__))
    spec = importlib.util.spec_from_file_location("checker", os.path.join(beside, checker))
    loaded = importlib.util.module_from_spec(spec)
    sys.modules["checker"] = loaded
    spec.loader.exec_module(loaded)

    def judged(output):
        return loaded.check(
            output,
            judge_output,
            judge_input=judge_input,
            point_value=points,
            submission_source=b"",
            submission_language="",
            case_position=0,
            batch=0,
            binary_data=binary == "binary",
            execution_time=0.0,
            problem_id="",
            result=None,
            **json.loads(arguments),
        )

    try:
        result = judged(process_output)
    except UnicodeDecodeError:
        # As DMOJ has it: what is not UTF-8 is no right output.
        return 1, "invalid unicode"
    except Exception as error:
        # A checker that fails at the right output as well is broken. Else it is the output that it cannot read, and nobody but its
        # program is at fault.
        judged(judge_output)
        return 1, f"the checker cannot read the output: {type(error).__name__}"
    if not isinstance(result, CheckerResult):
        result = CheckerResult(bool(result), points if result else 0)
    said = " ".join(str(utf8text(part, "replace")) for part in (result.feedback, result.extended_feedback) if part)
    if not result.passed and not 0 < result.points < points:
        return 1, said
    if result.passed and result.points == points:
        return 0, said
    return 7, f"points {float(result.points):.10g} {said}"


told = os.dup(2)
nowhere = os.open(os.devnull, os.O_WRONLY)
os.dup2(nowhere, 1)
os.dup2(nowhere, 2)
try:
    code, said = main()
except BaseException as error:
    code, said = 3, f"the checker failed: {type(error).__name__}: {error}"
os.write(told, (said + "\n").encode("utf-8", "replace")[:8000])
# At once: no thread or handler that the checker left may change what was said.
os._exit(code)
