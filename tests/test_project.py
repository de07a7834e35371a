"""The rules of the house, and that what is shipped is whole."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
TYPED = PROJECT["tool"]["mypy"]["files"]
SOURCES = sorted((ROOT / "khorgos_map").rglob("*"))


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "command",
    [
        ("-m", "ruff", "check", "--no-cache", "."),
        ("-m", "ruff", "format", "--no-cache", "--check", "."),
        ("-m", "mypy"),
        (
            "-c",
            "import sys; from importlinter.cli import lint_imports_command as lint; sys.exit(lint(['--no-cache']))",
        ),
    ],
    ids=["ruff", "format", "mypy", "imports"],
)
def test_the_tools_find_nothing(command: tuple[str, ...]) -> None:
    ended = run(*command)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def type_errors(platform: str) -> set[str]:
    """Return the type errors of our code on a platform, of which other packages are left out to be quick."""
    options = ("--config-file=", "--no-site-packages", "--ignore-missing-imports", "--hide-error-context")
    ended = run(
        "-m", "mypy", *options, f"--platform={platform}", f"--cache-dir=.mypy_cache/{platform}", *TYPED
    )
    assert "source files" in ended.stdout, ended.stdout + ended.stderr
    return set(ended.stdout.splitlines()[:-1])


def test_on_windows_and_on_a_mac_the_types_are_as_sound_as_here() -> None:
    here = type_errors("linux")
    assert {platform: type_errors(platform) - here for platform in ("win32", "darwin")} == {
        "win32": set(),
        "darwin": set(),
    }


@pytest.mark.parametrize("name", ["streamlit", "folium", "streamlit-folium", "folium-offline", "branca"])
def test_what_we_lean_on_is_pinned_exactly(name: str) -> None:
    assert any(re.fullmatch(rf"{name}==[\d.]+", line) for line in PROJECT["project"]["dependencies"])


def test_everything_else_has_a_lower_bound_only() -> None:
    pinned = re.compile(r"(streamlit|folium|streamlit-folium|folium-offline|branca)==")
    for line in PROJECT["project"]["dependencies"]:
        assert pinned.match(line) or re.fullmatch(r"[\w-]+>=[\d.]+", line), line


def test_files_stay_short() -> None:
    long = [
        p.name for p in SOURCES if p.suffix in {".py", ".js"} and len(p.read_text("utf-8").splitlines()) > 500
    ]
    assert long == []


def test_the_tests_that_hold_what_is_promised_are_there() -> None:
    promised = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:tests|deploy)/[\w./]+)`|\((deploy/[\w./]+)\)", promised)
    assert len(named) > 8
    assert [name for pair in named for name in pair if name and not (ROOT / name).exists()] == []


def test_readme_has_exactly_two_commands_in_its_quick_start() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    quick_start = readme.split("## Quick start", 1)[1].split("\n## ", 1)[0]
    blocks = re.findall(r"```sh\n(.*?)```", quick_start, re.DOTALL)
    assert [len(block.strip().splitlines()) for block in blocks] == [1, 1]
    assert blocks[1].strip() in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_a_wheel_holds_content_page_and_settings(tmp_path: Path) -> None:
    build = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    ended = run("-c", build, str(tmp_path))
    assert ended.returncode == 0, ended.stderr
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    for needed in ("app.py", ".streamlit/config.toml", "geodata/claims.json", "geodata/layers/zones.geojson"):
        assert f"khorgos_map/bundled/{needed}" in names
    for needed in ("draw/assets/start.js", "page/page.css", "text/zh.json"):
        assert f"khorgos_map/{needed}" in names
    installed = tmp_path / "installed"
    zipfile.ZipFile(wheel).extractall(installed)
    check = "from khorgos_map.cli import main; raise SystemExit(main(['check']))"
    ended = subprocess.run(
        [sys.executable, "-P", "-c", f"import sys; sys.path.insert(0, {str(installed)!r}); {check}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
