import errno
import os

import pytest

from paceport.system_errors import fix_of, is_damage, is_out_of_room, reason_of

OF_THE_MACHINE = (errno.EACCES, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOSPC, errno.EDQUOT, errno.EIO)


@pytest.mark.parametrize("number", OF_THE_MACHINE)
def test_what_the_machine_cannot_do_is_no_damage_and_says_what_helps(number: int) -> None:
    error = OSError(number, os.strerror(number))

    assert not is_damage(error)
    assert reason_of(error).lower() == os.strerror(number).lower()
    assert fix_of(error).endswith(", then try again")


def test_a_file_that_leads_nowhere_is_damaged() -> None:
    assert is_damage(OSError(errno.EINVAL, "Invalid argument"))
    assert is_damage(OSError("negative seek"))


def test_a_full_disk_and_a_used_up_share_are_out_of_room() -> None:
    assert [number for number in OF_THE_MACHINE if is_out_of_room(OSError(number, ""))] == [errno.ENOSPC, errno.EDQUOT]


def test_an_unknown_error_is_tried_again() -> None:
    assert fix_of(OSError("odd")) == "try again"
