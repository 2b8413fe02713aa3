"""The files of .deploy/: what reads them elsewhere accepts them, and every command in them exists."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import typer
import yaml
from compose_spec import PyCompose

from crawler.cli import build
from crawler.configuration import load
from crawler.web.guarding.names import is_answered
from crawler.web.policy import LEAST_TOKEN, TOKEN_VARIABLE, Policy, policy_of
from storage import __version__

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / ".deploy"
UNITS = (
    "dateline.service",
    "dateline-worker@.service",
    "dateline-web.service",
    "dateline-backup.service",
    "dateline-backup.timer",
)
README = (DEPLOY / "README.md").read_text(encoding="utf-8")
COMPOSE = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
SERVICES = yaml.safe_load(COMPOSE)["services"]
CONTAINERFILE = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
OURS = [name for name, service in SERVICES.items() if service["image"].startswith("dateline:")]


def instructions(text=CONTAINERFILE):
    """Name and text of each instruction of a Containerfile."""
    whole = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)
    lines = re.sub(r"\\\n", " ", whole).splitlines()
    return [(name, rest.strip()) for name, _, rest in (line.partition(" ") for line in lines if line.strip())]


# -- every command in them exists --------------------------------------------------------------------------------


def commands():
    """Words of every command of ours in these files, behind ``dateline``, with where it stands."""
    for name in UNITS:
        for line in re.findall(r"^ExecStart=\S*/dateline (.*)$", (DEPLOY / name).read_text(), re.MULTILINE):
            yield name, shlex.split(line)
    for name in OURS:
        yield f"compose {name}", SERVICES[name]["command"]
    (default,) = [rest for name, rest in instructions() if name == "CMD"]
    yield "Containerfile", yaml.safe_load(default)
    written = README.replace("\n", " ").replace('\\"', '"')
    fenced = re.findall(r"(?:^|bin/|-- )dateline (.+?)(?: +#|$)", README, re.MULTILINE)
    for line in [*re.findall(r"`dateline ([a-z].*?)`", written), *(one for one in fenced if "`" not in one)]:
        yield "README", shlex.split(re.sub(r"\b[A-Z]$|\bN\b", "1", line), comments=True)
    for line in re.findall(r"compose run --rm (?:scheduler|backup) ([a-z].*?)(?:`|$)", README, re.MULTILINE):
        yield "README compose", shlex.split(line, comments=True)


ALL = sorted({(where, *words) for where, words in commands()})


def test_the_commands_were_found():
    assert len(ALL) >= 20
    named = {tuple(one[1:3]) for one in ALL}
    assert {("schedule", "run"), ("schedule", "add"), ("db", "upgrade"), ("backup", "FOLDER")} <= named


@pytest.mark.parametrize("found", ALL, ids=" ".join)
def test_every_command_exists_and_takes_these_words(found):
    _, *words = found
    command, names = typer.main.get_command(build()), []
    while hasattr(command, "commands") and words:
        names.append(words.pop(0))
        assert names[-1] in command.commands, f"there is no command {' '.join(names)}"
        command = command.commands[names[-1]]
    required = [one for one in command.params if one.required and one.param_type_name == "argument"]
    if words or not required:  # a command that is only named need not be whole
        command.make_context(names[-1], [word.replace("...", "x") for word in words])


# -- systemd -----------------------------------------------------------------------------------------------------


@pytest.fixture
def systemd_analyze():
    found = shutil.which("systemd-analyze")
    if found is None:
        pytest.skip("systemd-analyze is not installed")
    return found


@pytest.fixture
def copied_units(tmp_path):
    """The units with a program that is on every machine in the place of ours."""

    def copy(change=lambda text: text):
        for name in UNITS:
            text = (DEPLOY / name).read_text().replace("/opt/dateline/bin/dateline", "/bin/true")
            (tmp_path / name).write_text(change(text))
        return [str(tmp_path / name) for name in UNITS]

    return copy


def said(*words):
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout + done.stderr


def test_systemd_accepts_the_units(systemd_analyze, copied_units):
    assert said(systemd_analyze, "verify", "--man=no", *copied_units()) == (0, "")


def test_systemd_would_not_accept_a_wrong_key(systemd_analyze, copied_units):
    wrong = copied_units(lambda text: text.replace("RestartSec=", "RestartSeconds="))
    assert "RestartSeconds" in said(systemd_analyze, "verify", "--man=no", *wrong)[1]


@pytest.mark.parametrize("name", [name for name in UNITS if name.endswith(".service")])
def test_a_service_can_do_little_to_its_machine(systemd_analyze, copied_units, name):
    """The lower the exposure, the better; 10 is a service without any of these options."""
    unit = next(path for path in copied_units() if path.endswith(f"/{name}"))
    status, text = said(systemd_analyze, "security", "--offline=yes", "--threshold=25", unit)
    assert status == 0, text


def test_the_service_waits_longer_than_the_scheduler(tmp_path):
    """Who is killed before its patience is over was never asked."""
    patience = load(tmp_path).number("schedule.stop_s")
    (waits,) = re.findall(r"^TimeoutStopSec=(\d+)s$", (DEPLOY / "dateline.service").read_text(), re.MULTILINE)
    assert int(waits) > patience + 30
    for name in OURS:
        assert float(SERVICES[name]["stop_grace_period"].removesuffix("s")) > patience + 30


def test_every_unit_that_is_named_is_there():
    for name in re.findall(r"`?(dateline[a-z-]*@?\.(?:service|timer))", README):
        assert name in UNITS
    timed = (DEPLOY / "dateline-backup.timer").read_text()
    assert "Unit=" not in timed  # it starts the service of its own name
    assert (DEPLOY / "dateline-backup.service").is_file()


# -- compose -----------------------------------------------------------------------------------------------------


def read_as_compose_does(text):
    """Validated by the compose specification; merge keys (``<<``) are YAML's, which has to be read first."""
    filled = re.sub(r"\$\{.*?\}", "secret", text)
    return PyCompose.from_json(json.dumps(yaml.safe_load(filled))).to_spec()


def test_compose_accepts_the_file():
    assert set(read_as_compose_does(COMPOSE).services) == set(SERVICES)


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        ("stop_grace_period: 90s", "stop_grace_period: soon", "duration"),
        ("condition: service_healthy", "condition: service_happy", "service_happy"),
        ("shm_size: 256m", "shm_size: large", "large"),
        ("read_only: true", "read-only: true", "read-only"),
    ],
)
def test_compose_would_not_accept_what_is_wrong(right, wrong, complaint):
    assert right in COMPOSE
    with pytest.raises(ValueError, match=complaint):
        read_as_compose_does(COMPOSE.replace(right, wrong))


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_of_compose_is_pinned_and_may_do_little(name):
    service = SERVICES[name]
    assert re.search(r":\d+\.\d+", service["image"])
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert not {"privileged", "network_mode", "pid", "ipc", "devices", "userns_mode"} & set(service)
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
    assert service["logging"]["options"]["max-size"]
    assert all(not volume.startswith(("/", ".", "~")) for volume in service["volumes"])


def test_the_volumes_are_declared_and_used():
    used = {volume.split(":")[0] for service in SERVICES.values() for volume in service["volumes"]}
    assert used == set(yaml.safe_load(COMPOSE)["volumes"])


def test_no_secret_stands_in_the_file():
    for line in re.findall(r"^.*(?:PASSWORD|TOKEN).*$", COMPOSE, re.MULTILINE):
        assert re.search(r"\$\{(?:DATABASE_PASSWORD|DATELINE_TOKEN):\?", line) or line.startswith("#")
    assert not re.search(r"://[^/@\s]*:[^/@\s]*@", COMPOSE)


@pytest.mark.parametrize("name", OURS)
def test_our_services_wait_for_the_database_and_have_somebody_to_bury_orphans(name):
    service = SERVICES[name]
    assert service["image"] == f"dateline:{__version__}"
    assert service["init"] is True
    assert service["read_only"] is True
    assert service["depends_on"] == {"database": {"condition": "service_healthy"}}


def test_health_is_asked_for_where_there_is_somebody_to_ask():
    assert SERVICES["database"]["healthcheck"]["test"][:2] == ["CMD", "pg_isready"]
    assert SERVICES["backup"]["healthcheck"] == {"disable": True}
    schedulers = [name for name in OURS if SERVICES[name]["command"] == ["schedule", "run"]]
    assert sorted(schedulers) == ["scheduler", "standby"]
    answering = [*schedulers, "workers"]
    assert all("healthcheck" not in SERVICES[name] for name in answering)  # the image's own


def test_pages_are_served_to_this_machine_and_only_with_a_token():
    web = SERVICES["web"]
    assert [name for name in SERVICES if "ports" in SERVICES[name]] == ["web"]
    policy = policy_of(load(DEPLOY), {TOKEN_VARIABLE: "s" * LEAST_TOKEN}, listen=web["command"][-1])
    assert policy.closed
    assert web["ports"] == [f"127.0.0.1:{policy.port}:{policy.port}"]
    assert web["environment"][TOKEN_VARIABLE].startswith(f"${{{TOKEN_VARIABLE}:?")
    assert web["environment"].items() > SERVICES["scheduler"]["environment"].items()


def test_health_of_the_pages_is_asked_for_by_a_name_that_is_answered():
    command = SERVICES["web"]["healthcheck"]["test"][-1]
    compile(command, "healthcheck", "exec")
    asked = urlsplit(re.search(r"http://[^']+", command)[0])
    port = SERVICES["web"]["command"][-1].rpartition(":")[2]
    assert (asked.port, asked.path) == (int(port), "/health")
    assert is_answered(Policy(host="0.0.0.0", token="s" * LEAST_TOKEN), asked.netloc)


def test_examples_of_proxies_name_the_header_and_the_site_of_the_settings(tmp_path):
    (example,) = re.findall(r"```toml\n(\[web\].*?)```", README, re.DOTALL)
    (tmp_path / "dateline.toml").write_text(example)
    configuration = load(tmp_path)
    name, header = configuration.texts("web.hosts")[0], configuration.text("web.user_header")
    assert f"server_name {name};" in README
    assert f"proxy_set_header {header} $remote_user;" in README
    assert f"\n{name} {{\n" in README
    assert f"header_up {header} {{http.auth.user.id}}" in README
    assert README.count(configuration.text("web.listen")) >= 4


# -- the image ---------------------------------------------------------------------------------------------------


def test_hadolint_finds_nothing():
    program = Path(sys.executable).with_name("hadolint")
    assert said(str(program), str(DEPLOY / "Containerfile")) == (0, "")


def test_hadolint_would_find_something(tmp_path):
    (tmp_path / "Containerfile").write_text(CONTAINERFILE.replace("python:3.11.14-slim-bookworm AS", "python AS"))
    status, text = said(str(Path(sys.executable).with_name("hadolint")), str(tmp_path / "Containerfile"))
    assert status == 1
    assert "DL3006" in text


def test_the_image_is_pinned_small_and_not_root():
    found = instructions()
    assert all(re.search(r":\d+\.\d+\.\d+-slim-", rest) for name, rest in found if name == "FROM")
    assert not [rest for name, rest in found if name == "ADD"]
    assert [rest for name, rest in found if name == "USER"] == ["10001:10001"]
    assert "--uid 10001" in CONTAINERFILE
    assert all(rest.startswith("[") for name, rest in found if name in {"CMD", "ENTRYPOINT", "SHELL"})
    for rest in (rest for name, rest in found if name == "RUN" and "apt-get" in rest):
        assert "--no-install-recommends" in rest
        assert "rm -rf /var/lib/apt/lists/*" in rest
    assert all("--no-cache-dir" in rest for name, rest in found if name == "RUN" and "pip install" in rest)
    assert f"dateline:{__version__}" in CONTAINERFILE


def test_everything_that_is_copied_is_there_and_not_left_out():
    kept = {line[1:] for line in (DEPLOY / "Containerfile.dockerignore").read_text().splitlines() if line[0] == "!"}
    copied = {
        word
        for name, rest in instructions()
        if name == "COPY" and not rest.startswith("--from")
        for word in rest.split()[:-1]
    }
    assert copied == kept
    assert all((ROOT / name).exists() for name in copied)


def test_the_client_is_as_new_as_the_server():
    (client,) = re.findall(r"postgresql-client-(\d+)", CONTAINERFILE)
    assert SERVICES["database"]["image"].startswith(f"postgres:{client}.")


def test_health_is_asked_for_where_the_scheduler_answers(tmp_path):
    """And by words that are Python."""
    listens = load(tmp_path).text("schedule.listen")
    (asked,) = [rest for name, rest in instructions() if name == "HEALTHCHECK"]
    command = yaml.safe_load(asked[asked.index("[") :])
    assert f"http://{listens}/health" in command[-1]
    assert SERVICES["workers"]["command"] == ["work", "--metrics", listens]
    compile(command[-1], "healthcheck", "exec")


def test_every_file_is_explained():
    for file in DEPLOY.iterdir():
        assert f"`{file.name}`" in README or file.name in {"README.md", ".env"}
