"""What infra/ sets is what the service reads, and what it waits for is long enough."""

import re
import tomllib
from pathlib import Path

import pytest

from telephony.config import Settings
from tests.settings import VARIABLES

ROOT = Path(__file__).parents[2]
INFRA = ROOT / "infra"
SETTING = re.compile(r"\b(?:TWILIO|TELEPHONY|GOOGLE|GEMINI)_[A-Z][A-Z_]*[A-Z]\b")
FILES = [
    path
    for folder in ("docker", "helm", "terraform", "grafana", "prometheus")
    for path in sorted((INFRA / folder).rglob("*"))
    if path.is_file() and path.suffix != ".json"
]
CHART = INFRA / "helm/telephony"


def text(path: str) -> str:
    return (INFRA / path).read_text("utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(INFRA)))
def test_every_setting_that_is_named_is_one(path: Path) -> None:
    assert set(SETTING.findall(path.read_text("utf-8"))) - set(VARIABLES) == set()


def test_settings_are_named_at_all() -> None:
    assert len({name for path in FILES for name in SETTING.findall(path.read_text("utf-8"))}) > 10


def test_a_pod_is_given_longer_than_its_calls() -> None:
    drain = re.search(r"^drainSeconds: (\d+)$", text("helm/telephony/values.yaml"), re.MULTILINE)
    assert drain
    assert float(drain[1]) == Settings.model_fields["drain_seconds"].default
    assert "terminationGracePeriodSeconds: {{ add .Values.drainSeconds 100 }}" in text(
        "helm/telephony/templates/deployment.yaml"
    )


def test_a_container_is_given_longer_than_its_calls() -> None:
    grace = re.search(r"stop_grace_period: (\d+)s", text("docker/compose.yaml"))
    assert grace
    assert float(grace[1]) > Settings.model_fields["drain_seconds"].default


def test_no_secret_has_a_value_here() -> None:
    secrets = ("TWILIO_AUTH_TOKEN", "GOOGLE_API_KEY", "GEMINI_API_KEY", "POSTGRES_PASSWORD", "GRAFANA_PASSWORD")
    given = re.compile(rf"\b(?:{'|'.join(secrets)})[ \t]*[:=][ \t]*[\"']?[A-Za-z0-9]")
    assert [str(path) for path in FILES if given.search(path.read_text("utf-8"))] == []


def test_the_image_has_the_python_that_the_project_is_tested_with() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    bases = re.findall(r"^FROM python:(\d+\.\d+)-slim-\w+", text("docker/Dockerfile"), re.MULTILINE)
    assert len(bases) == 2
    assert {tuple(map(int, base.split("."))) for base in bases} == {(3, 13)}
    assert project["requires-python"] == ">=3.11"


def test_the_chart_is_of_this_release() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert f'appVersion: "{version}"' in (CHART / "Chart.yaml").read_text("utf-8")


def test_what_runs_elsewhere_runs_as_nobody_and_writes_to_its_folder_only() -> None:
    compose, container = text("docker/compose.yaml"), text("helm/telephony/templates/_container.tpl")
    assert "USER 10001:10001" in text("docker/Dockerfile")
    assert {"read_only: true", "cap_drop: [ALL]"} <= {line.strip() for line in compose.splitlines()}
    assert compose.count("<<: *hardened") == len(re.findall(r"^    image: ", compose, re.MULTILINE))
    assert {"readOnlyRootFilesystem: true", "allowPrivilegeEscalation: false", "drop: [ALL]"} <= {
        line.strip() for line in container.splitlines()
    }


def test_what_terraform_gives_the_chart_is_what_it_takes() -> None:
    release = text("terraform/google/main.tf").split("yamlencode({")[1]
    given = set(re.findall(r"^    (\w+)\s+= ", release, re.MULTILINE))
    taken = set(re.findall(r"^(\w+):", text("helm/telephony/values.yaml"), re.MULTILINE))
    assert {"publicUrl", "agentLanguage", "secrets", "drainSeconds"} <= given <= taken
