"""Do the same in several threads at once."""

import threading
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")


def at_once(count: int, act: Callable[[], Answer]) -> list[Answer | Exception]:
    """What each of them answered, or was refused with."""
    gate = threading.Barrier(count)
    answers: list[Answer | Exception] = []

    def run() -> None:
        gate.wait()
        try:
            answers.append(act())
        except Exception as error:  # the answer that the test looks at
            answers.append(error)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
