"""The clinic's server as a child that can be killed at any moment and begun again at once.

This process has everything imported.  For each line ``start`` it forks a child, which serves as ``matrescence clinic
serve`` does, and prints the child's number; the child is then killed from outside, as a power switch would.
"""

from __future__ import annotations

import os
import sys


def main(port: int) -> None:
    """Fork a server for each line on standard input."""
    from matrescence.clinic.bootstrap import setup

    setup()
    import uvicorn
    from django.db import connections
    from django.test import Client

    import matrescence.clinic.asgi
    from matrescence.clinic.log.courses import course_ids, open_course

    assert matrescence.clinic.asgi.application
    assert Client().get("/", HTTP_HOST="127.0.0.1").status_code == 200  # what a first request loads is loaded here
    for name in course_ids():
        open_course(name)
    connections.close_all()
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            uvicorn.run(
                "matrescence.clinic.asgi:application", host="127.0.0.1", port=port, lifespan="off", log_level="error"
            )
            os._exit(0)
        print(child, flush=True)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
