"""``python -m matrescence``: the command line without its installed script."""

from matrescence.cli.main import main

if __name__ == "__main__":
    main()
