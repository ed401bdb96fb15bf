"""Brings what the measurement needs: packages, llama.cpp, models, the engine's own program."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
EXPORTER = ROOT / "local-engine" / "export"
PACKAGES = [
    "onnxruntime-genai==0.18.0",
    "gguf==0.19.0",
    "cmake==4.4.4",
    "ninja==1.13.2",
    "scikit-build-core==1.1.2",
]
LLAMA_SOURCE = "llama-cpp-python==0.3.36"
"""The package's source archive holds llama.cpp whole, server included."""
GRAPHS = {"int4-128": ("int4", 128), "int4-32": ("int4", 32), "int8-128": ("int8", 128), "dyn8": ("dyn8", 128)}
GGUF_BITS = ("Q4_0", "Q8_0")


def call(*command, **options):
    subprocess.run([str(part) for part in command], check=True, **options)


def environment(work):
    """Python with the exporter and the peers' packages; its path."""
    python = work / "venv" / "bin" / "python"
    if not (work / "venv" / "ready").exists():
        print("installing packages", file=sys.stderr)
        call(sys.executable, "-m", "venv", work / "venv")
        call(python, "-m", "pip", "install", "--quiet", EXPORTER, *PACKAGES)
        (work / "venv" / "ready").touch()
    return python


def llama(work, python):
    """The folder of llama.cpp's programs, built for this processor; `None` without a compiler."""
    programs = work / "llama" / "build" / "bin"
    if (programs / "llama-server").exists():
        return programs
    if not shutil.which("c++"):
        print("left out: llama.cpp, because there is no C++ compiler", file=sys.stderr)
        return None
    print("building llama.cpp, which takes minutes", file=sys.stderr)
    source = work / "llama" / "source"
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir(parents=True)
    download = ["download", "--quiet", "--no-deps", "--no-build-isolation", "--no-binary", "llama-cpp-python"]
    paths = {**os.environ, "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}"}
    call(python, "-m", "pip", *download, LLAMA_SOURCE, "--dest", source, env=paths)
    call("tar", "xzf", next(source.glob("*.tar.gz")), "-C", source, "--strip-components=1")
    options = ["BUILD_SHARED_LIBS=OFF", "GGML_NATIVE=ON", "GGML_CCACHE=OFF", "CMAKE_BUILD_TYPE=Release"]
    options += [
        f"LLAMA_{part}=OFF" for part in ("OPENSSL", "BUILD_TESTS", "BUILD_EXAMPLES", "BUILD_APP", "BUILD_UI")
    ]
    build = work / "llama" / "build"
    options = [f"-D{option}" for option in options]
    call("cmake", "-G", "Ninja", "-S", source / "vendor" / "llama.cpp", "-B", build, *options, env=paths)
    call("cmake", "--build", build, "--target", "llama-server", "llama-quantize", env=paths)
    return programs


def models(work, python, programs, shape):
    """All forms of one random model; the folder that holds them."""
    folder = work / shape

    def make(*arguments):
        """Runs the exporter as it is in the tree, whatever was installed earlier."""
        call(python, "-m", "nearside_export", *arguments, cwd=EXPORTER)

    once(folder / "hf", lambda out: make("random", shape, out))
    once(folder / "fp32", lambda out: make("export", folder / "hf", out))
    once(folder / "pair", lambda out: make("pair", folder / "fp32", out, "--windows", 0))
    for name, (recipe, block) in GRAPHS.items():
        sizes = ["--block", block, "--windows", 0]
        once(folder / name, lambda out: make("single", recipe, folder / "fp32", out, *sizes))
    if programs:
        once(folder / "F32.gguf", lambda out: call(python, HERE / "gguf_file.py", folder / "hf", out))
        for bits in GGUF_BITS:
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            quantize = [programs / "llama-quantize", folder / "F32.gguf"]
            once(folder / f"{bits}.gguf", lambda out: call(*quantize, out, bits, **quiet))
    return folder


def once(path, make):
    """Makes a file or folder unless it is there whole."""
    if path.exists():
        return
    print(f"making {path.name}", file=sys.stderr)
    unfinished = path.with_name(f"unfinished-{path.name}")
    shutil.rmtree(unfinished, ignore_errors=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    make(unfinished)
    unfinished.rename(path)


def engine():
    """The engine's own program."""
    command = ["cargo", "build", "--release", "--quiet", "--package", "local-engine", "--example", "bench_streams"]
    call(*command, cwd=ROOT)
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return target / "release" / "examples" / "bench_streams"


def vocabulary(folder):
    return json.loads((folder / "hf" / "config.json").read_text("utf-8"))["vocab_size"]
