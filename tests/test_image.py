"""What ships: the image's base, the bill of materials, and a licence for every part."""

import json
import os
import re
import subprocess
import tomllib
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.samples import LIBRARY, ROOT

ASSETS = ROOT / "survey_service" / "assets"
WITHOUT_A_TEXT = {
    "arro3-core",
    "arro3-io",
    "obstore",
}  # in no wheel of theirs; the bill has what they declare
WITHOUT_A_DECLARATION = {"rich-click"}  # only the text
INSTALLS_ONLY = {"@scarf/scarf"}  # counts installations of Swagger UI; no file of it is shipped


def _locked() -> dict[str, str]:
    """Return the version of every package of the lock that this platform gets, by name."""
    lines = re.findall(r"^(\S+==[^\\\n]+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    wanted = [Requirement(line) for line in lines]
    return {
        canonicalize_name(one.name): str(one.specifier).removeprefix("==")
        for one in wanted
        if one.marker is None or one.marker.evaluate()
    }


def _front_end() -> dict[str, str]:
    """Return the version of every package of npm's lock that is not for building or tests."""
    lock = json.loads((ASSETS / "package-lock.json").read_text())
    return {
        path.rpartition("node_modules/")[2]: each["version"]
        for path, each in lock["packages"].items()
        if path and not each.get("dev")
    }


@pytest.fixture(scope="module")
def bills(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, list[object]]]:
    """Return what the image's own command says: licences by name and version, of each bill."""
    folder = tmp_path_factory.mktemp("sbom")
    clean = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}  # noqa: TID251 - for the child
    subprocess.run(["make", "sbom", f"SBOM={folder}"], cwd=ROOT, env=clean, check=True)
    return {name: _components(folder / f"{name}.cdx.json") for name in ("python", "front-end")}


def _components(path: Path) -> dict[str, list[object]]:
    bill = json.loads(path.read_text())
    assert bill["bomFormat"] == "CycloneDX"
    found = {}
    for one in bill["components"]:
        python = one.get("purl", "").startswith("pkg:pypi/")
        name = canonicalize_name(one["name"]) if python else one["name"]
        found[f"{name}@{one['version']}"] = one.get("licenses", [])
    return found


def test_the_base_of_the_image_is_named_by_digest() -> None:
    bases = re.findall(
        r"^(?:ARG BASE=|FROM )(\S+)", (ROOT / "Containerfile").read_text(), re.MULTILINE
    )

    digested, *stages = bases
    assert re.fullmatch(r"\S+:\S+@sha256:[0-9a-f]{64}", digested)
    assert set(stages) == {"${BASE}"}


def test_the_bill_names_every_package_of_the_lock_with_its_licence(
    bills: dict[str, dict[str, list[object]]],
) -> None:
    locked = {f"{name}@{version}" for name, version in _locked().items()}

    assert len(locked) > 60
    assert locked - set(bills["python"]) == set()
    bare = {name.partition("@")[0] for name in locked if not bills["python"][name]}
    assert bare == WITHOUT_A_DECLARATION


def test_the_bill_names_the_packages_of_npm_that_ship_and_no_others(
    bills: dict[str, dict[str, list[object]]],
) -> None:
    assert set(bills["front-end"]) == {
        f"{name}@{version}" for name, version in _front_end().items()
    }


def test_every_package_brings_the_text_of_its_licence() -> None:
    without = {name for name in _locked() if not _has_licence(distribution(name))}

    assert without == WITHOUT_A_TEXT


def test_every_part_of_the_front_end_has_the_text_of_its_licence_beside_it() -> None:
    texts = {path.stem: path.read_text() for path in (ASSETS / "dist" / "licenses").iterdir()}

    names = {name.rpartition("/")[2] for name in set(_front_end()) - INSTALLS_ONLY}
    assert set(texts) == names
    assert "SIL OPEN FONT LICENSE" in texts["source-sans-3"].upper()
    assert "Apache License" in texts["swagger-ui-dist"]


def test_it_is_told_whose_each_questionnaire_is() -> None:
    told = re.findall(r"^\| `([\w-]+)`", (LIBRARY / "LICENSE.md").read_text(), re.MULTILINE)

    assert sorted(told) == sorted(path.name for path in LIBRARY.iterdir() if path.is_dir())
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    assert "questionnaires" in wheel["targets"]["wheel"]["force-include"]


def _has_licence(found: Distribution) -> bool:
    files = [path.name.upper() for path in found.files or ()]
    return any(name.startswith(("LICEN", "COPYING")) for name in files)
