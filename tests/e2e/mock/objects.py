"""What a bucket holds, in every version: where state, backups of it and locks end up."""

from pathlib import Path

from moto.s3.models import FakeDeleteMarker, s3_backends

from .corrections import ACCOUNT


def save(bucket, directory):
    """Writes every version of every object of a bucket to a directory; returns how many there are."""
    count = 0
    keys = s3_backends[ACCOUNT]["aws"].buckets[bucket].keys
    for name in keys:
        for version in keys.getlist(name):
            if not isinstance(version, FakeDeleteMarker):
                path = Path(directory, f"{count:03}-{name.replace('/', '-')}")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(version.value)
                count += 1
    return count
