import pytest

from crawler.configuration import load
from crawler.errors import ConfigurationError
from crawler.web.policy import TOKEN_VARIABLE, policy_of

TOKEN = "kH3x9vQ2mZ8rT5wB"


@pytest.fixture
def settings(tmp_path):
    def made(text=""):
        (tmp_path / "dateline.toml").write_text(text)
        return load(tmp_path)

    return made


def test_by_default_only_this_machine_is_answered(settings):
    policy = policy_of(settings(), {})
    assert (policy.host, policy.port, policy.here_only, policy.closed) == ("127.0.0.1", 9440, True, False)


@pytest.mark.parametrize("listen", ["127.0.0.1:1", "127.8.0.1:1", "[::1]:1", "localhost:1"])
def test_loopback_needs_no_token(settings, listen):
    assert policy_of(settings(), {}, listen=listen).here_only


@pytest.mark.parametrize("listen", ["0.0.0.0:1", "[::]:1", "192.0.2.1:1", "news.example:1", "localhost.news.example:1"])
def test_what_others_can_reach_needs_a_token_or_a_proxy(settings, listen):
    with pytest.raises(ConfigurationError, match=TOKEN_VARIABLE):
        policy_of(settings(), {}, listen=listen)
    assert policy_of(settings(), {TOKEN_VARIABLE: TOKEN}, listen=listen).closed
    assert policy_of(settings('[web]\nuser_header = "X-Remote-User"'), {}, listen=listen).closed


def test_a_proxy_closes_the_site_on_loopback_too(settings):
    assert policy_of(settings('[web]\nuser_header = "X-Remote-User"'), {}).closed


def test_the_token_stands_in_a_file_beside_the_settings(settings, tmp_path):
    (tmp_path / "token").write_text(f"{TOKEN}\nwhat follows is for people\n")
    assert policy_of(settings('[web]\ntoken_file = "token"'), {}).token == TOKEN


def test_the_variable_goes_before_the_file(settings, tmp_path):
    (tmp_path / "token").write_text("x" * 20)
    assert policy_of(settings('[web]\ntoken_file = "token"'), {TOKEN_VARIABLE: TOKEN}).token == TOKEN


@pytest.mark.parametrize("given", ["tiny!", "x" * 15, "ö" * 20, "tab\tinside\tof it all"])
def test_a_token_that_can_be_guessed_is_refused_and_not_repeated(settings, given):
    with pytest.raises(ConfigurationError) as caught:
        policy_of(settings(), {TOKEN_VARIABLE: given})
    assert given not in str(caught.value)


def test_a_token_file_that_is_missing_or_empty_is_named(settings, tmp_path):
    (tmp_path / "token").write_text("\nsecond line\n")
    with pytest.raises(ConfigurationError, match="is empty"):
        policy_of(settings('[web]\ntoken_file = "token"'), {})
    with pytest.raises(ConfigurationError, match="cannot be read"):
        policy_of(settings('[web]\ntoken_file = "gone"'), {})


def test_an_address_that_is_none_is_named(settings):
    with pytest.raises(ConfigurationError, match="ADDRESS:PORT"):
        policy_of(settings(), {}, listen="9440")
    with pytest.raises(ConfigurationError, match=r"web\.proxies: 'proxy\.example'"):
        policy_of(settings('[web]\nproxies = ["proxy.example"]'), {})


def test_the_setting_must_name_an_address(settings):
    with pytest.raises(ConfigurationError, match=r"web\.listen"):
        settings('[web]\nlisten = ""')
