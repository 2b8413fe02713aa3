import re

import pytest

from crawler.urls import canonical_url
from crawler.urls.rules import RULES, HostRule, conflicts
from crawler.urls.rules.model import names
from crawler.urls.tracking import PRESENTATION, TRACKING, TRACKING_PREFIXES, WEAK

IDENTIFYING = """
    aid ar_id arid art_id article articleid cid docid dram:article_id drn:news_id ecode f file guid id key
    newsid nguyiphi nid nota objectid oid p seq_code sid slug storyid u ud v xml
"""
HOSTS = [(rule, host) for rule in RULES for host in rule.hosts]


def test_rules_do_not_contradict_themselves():
    assert conflicts() == []


@pytest.mark.parametrize(
    ("rules", "problem"),
    [
        (
            (HostRule(name="A", hosts=("a.example",)), HostRule(name="B", hosts=("a.example",))),
            "a.example belongs to A and to B",
        ),
        ((HostRule(name="A", hosts=("a.example",), keep=("x",), strip=("x",)),), "A: x is kept and stripped"),
        ((HostRule(name="A", hosts=("www.a.example",)),), "A: www.a.example must be lower case and without www."),
        ((HostRule(name="A", hosts=("a.example",), strip=("CMP",)),), "A: CMP must be lower case"),
    ],
)
def test_conflicts_are_found(rules, problem):
    assert conflicts(rules) == [problem]


@pytest.mark.parametrize(("rule", "host"), HOSTS, ids=[host for _, host in HOSTS])
def test_each_rule_holds_on_each_of_its_hosts(rule, host):
    plain = canonical_url(f"http://www.{host}/story")
    kept_by_parent = {
        name for other in RULES if any(host.endswith(f".{h}") for h in other.hosts) for name in other.keep
    }
    for name in set(rule.strip) - kept_by_parent:
        assert canonical_url(f"http://www.{host}/story?{name}=any") == plain
        assert canonical_url(f"http://www.{host}/story?{name.upper()}=any") == plain
    for name in rule.keep:
        assert canonical_url(f"http://{host}/story?{name}=1") != canonical_url(f"http://{host}/story?{name}=2")
    for name, pattern in rule.strip_values:
        assert not pattern.fullmatch("20991231-x"), f"{rule.name}: {name} is stripped whatever it says"


def test_what_identifies_in_news_systems_is_tracking_nowhere():
    identifying = set(names(IDENTIFYING))
    assert not identifying & (TRACKING | WEAK | set(PRESENTATION))
    assert not [name for name in identifying if name.startswith(TRACKING_PREFIXES)]


def test_one_name_is_of_one_kind():
    assert not TRACKING & WEAK
    assert not TRACKING & set(PRESENTATION)
    assert all(name == name.lower() for name in TRACKING | WEAK | set(PRESENTATION))


def test_shapes_end_where_the_path_ends():
    for rule in RULES:
        for shape in rule.same:
            groups = re.compile(shape.path).groups
            wanted = {int(number) for number in re.findall(r"\{(\d)\}", shape.to)}
            assert wanted == set(range(groups)), f"{rule.name}: {shape.path.pattern} loses a group"
