import pytest

pytest.register_assert_rewrite("contracts.vault")
