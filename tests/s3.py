"""A real server of S3 on this machine, and a bucket in it."""

from collections.abc import Iterator
from contextlib import contextmanager

from moto.server import ThreadedMotoServer

KEY, SECRET, BUCKET = "key", "secret", "evidence"


@contextmanager
def serving() -> Iterator[str]:
    """Run a server of S3; yield its address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def make_bucket(address: str) -> None:
    """Make the bucket, where it is not there."""
    import boto3

    client = boto3.client(
        "s3",
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id=KEY,
        aws_secret_access_key=SECRET,
    )
    client.create_bucket(Bucket=BUCKET)
