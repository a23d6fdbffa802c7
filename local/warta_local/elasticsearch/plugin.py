"""The analysis plugin: compiled from our own source against the server's libraries.

Layout of a stable plugin: https://www.elastic.co/guide/en/elasticsearch/plugins/8.19/plugin-authors.html
"""

from __future__ import annotations

import json
import subprocess
import tempfile
import zipfile
from pathlib import Path

from warta_local.elasticsearch.artifacts import SERVER
from warta_local.errors import LocalError

NAME = "warta-analysis"
SOURCE = Path(__file__).with_name("AnalysisPlugin.java")
COMPILE_SECONDS = 120
_CLASS = "org.warta.analysis.AnalysisPlugin"
_API = "org.elasticsearch.plugin.analysis"
COMPONENTS = {
    f"{_API}.AnalyzerFactory": {"indonesian": f"{_CLASS}$Indonesian", "english": f"{_CLASS}$English"},
    f"{_API}.TokenizerFactory": {"uax_url_email": f"{_CLASS}$UrlsAndEmails"},
    f"{_API}.TokenFilterFactory": {
        "asciifolding": f"{_CLASS}$Folding",
        "pattern_capture": f"{_CLASS}$PatternCapture",
        "pattern_replace": f"{_CLASS}$PatternReplace",
        "stemmer": f"{_CLASS}$Stemmer",
        "unique": f"{_CLASS}$Unique",
    },
}
DESCRIPTOR = {
    "name": NAME,
    "description": "The analyzers that Warta and the security index use",
    "version": SERVER.version,
    "elasticsearch.version": SERVER.version,
    "java.version": "17",
}


class CompilationFailed(LocalError):
    """The plugin does not compile here; the message has what the compiler says."""


def install(home: Path, java: Path, compiler: Path) -> None:
    """Compile the plugin and put it into the server's folder `home`."""
    folder = home / "plugins" / NAME
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as classes:
        _compile(Path(classes), home, java, compiler)
        _pack(Path(classes), folder / f"{NAME}.jar")
    (folder / "named_components.json").write_text(json.dumps(COMPONENTS, indent=2), encoding="utf-8")
    lines = [f"{name}={value}\n" for name, value in DESCRIPTOR.items()]
    (folder / "stable-plugin-descriptor.properties").write_text("".join(lines), encoding="utf-8")


def _compile(classes: Path, home: Path, java: Path, compiler: Path) -> None:
    libraries = ":".join(str(path) for path in sorted((home / "lib").glob("*.jar")))
    options = ["-source", "17", "-target", "17", "-proc:none", "-encoding", "UTF-8", "-nowarn"]
    answer = subprocess.run(  # noqa: S603 - our own compiler on our own source
        [java, "-Xmx256m", "-jar", compiler, *options, "-cp", libraries, "-d", classes, SOURCE],
        capture_output=True,
        text=True,
        timeout=COMPILE_SECONDS,
        check=False,
    )
    if answer.returncode:
        raise CompilationFailed(
            f"the analysis plugin does not compile:\n{answer.stdout}{answer.stderr}".strip()
        )


def _pack(classes: Path, jar: Path) -> None:
    with zipfile.ZipFile(jar, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(classes.rglob("*.class")):
            archive.write(path, path.relative_to(classes))
