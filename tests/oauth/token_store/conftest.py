import pytest

pytest.register_assert_rewrite("contracts.token_store")
