import os
import threading
from collections.abc import Iterator
from queue import SimpleQueue

import pytest

from paceport.oauth.login.pasted_redirect import reading_pastes


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    for end in ends:
        try:
            os.close(end)
        except OSError:
            continue


def test_the_lines_of_one_paste_arrive_together(pipe: tuple[int, int]) -> None:
    lines: SimpleQueue[str] = SimpleQueue()

    with reading_pastes(pipe[0], lines.put):
        os.write(pipe[1], b"fir")
        os.write(pipe[1], b"st\nsecond\n")

        assert lines.get(timeout=60) == "first\nsecond"


def test_what_is_typed_later_arrives_by_itself(pipe: tuple[int, int]) -> None:
    lines: SimpleQueue[str] = SimpleQueue()

    with reading_pastes(pipe[0], lines.put):
        os.write(pipe[1], b"first\n")
        first = lines.get(timeout=60)
        os.write(pipe[1], b"second\n")

        assert (first, lines.get(timeout=60)) == ("first", "second")


def test_the_frame_that_a_terminal_puts_around_a_paste_is_taken_off(pipe: tuple[int, int]) -> None:
    lines: SimpleQueue[str] = SimpleQueue()

    with reading_pastes(pipe[0], lines.put):
        os.write(pipe[1], b"\x1b[200~http://127.0.0.1/?a\r\n=b\x1b[201~\n")

        assert lines.get(timeout=60) == "http://127.0.0.1/?a\r\n=b"


def test_a_last_line_needs_no_line_end(pipe: tuple[int, int]) -> None:
    lines: SimpleQueue[str] = SimpleQueue()

    with reading_pastes(pipe[0], lines.put):
        os.write(pipe[1], b"no end")
        os.close(pipe[1])

        assert lines.get(timeout=60) == "no end"


def test_the_end_of_input_ends_the_reading_and_not_the_block(pipe: tuple[int, int]) -> None:
    lines: SimpleQueue[str] = SimpleQueue()
    os.close(pipe[1])

    with reading_pastes(pipe[0], lines.put):
        reached = True

    assert reached
    assert lines.empty()


@pytest.mark.parametrize("fd", [None, 10_000])
def test_no_terminal_ends_the_reading_and_not_the_block(fd: int | None) -> None:
    lines: SimpleQueue[str] = SimpleQueue()

    with reading_pastes(fd, lines.put):
        reached = True

    assert reached
    assert lines.empty()


def test_the_reader_stops_while_it_waits(pipe: tuple[int, int]) -> None:
    # Not their number: a thread that another test has left may end meanwhile.
    before = set(threading.enumerate())

    with reading_pastes(pipe[0], lambda line: None):
        (reader,) = set(threading.enumerate()) - before

    assert not reader.is_alive()


def test_what_is_typed_after_the_end_is_left_for_others(pipe: tuple[int, int]) -> None:
    with reading_pastes(pipe[0], lambda line: None):
        pass

    os.write(pipe[1], b"ls\n")

    assert os.read(pipe[0], 10) == b"ls\n"


def test_a_flood_without_line_ends_is_handed_on_and_not_collected(pipe: tuple[int, int]) -> None:
    lines: SimpleQueue[str] = SimpleQueue()

    with reading_pastes(pipe[0], lines.put):
        for _ in range(40):
            os.write(pipe[1], b"x" * 4096)

        assert 64 * 1024 < len(lines.get(timeout=60)) < 80 * 1024


def test_bytes_that_are_no_text_are_replaced(pipe: tuple[int, int]) -> None:
    lines: SimpleQueue[str] = SimpleQueue()

    with reading_pastes(pipe[0], lines.put):
        os.write(pipe[1], b"\xff\xfe\n")

        assert lines.get(timeout=60) == "\ufffd\ufffd"
