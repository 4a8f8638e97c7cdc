"""Serve the web app: `python app.py`. Says where it is and how to stop it; every flag is in `python app.py --help`."""

import sys

if __name__ == "__main__":
    from webapp.start import main

    sys.exit(main(sys.argv[1:], say=lambda sentence: print(sentence, flush=True)))
