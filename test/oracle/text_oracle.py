"""Recognition in running text, against libphonenumber's own matcher.

    python3 text_oracle.py PROBE [--show CLASS]

Both read the corpus of text_corpus.py, with the region of each document.  A
number counts as found if its E.164 form comes out.  Prints precision and
recall of both, and ends with "N passed, N failed".
"""
import subprocess
import sys
from collections import defaultdict

import phonenumbers
from phonenumbers import Leniency, PhoneNumberFormat, PhoneNumberMatcher

from text_corpus import Corpus

SEED = 20240731


def ask(probe, documents):
    """The numbers the probe finds in each document."""
    questions = "".join("M %s %s\n" % (region, text)
                        for region, _, text, _ in documents)
    answers = subprocess.run([probe], input=questions.encode(), check=True,
                             stdout=subprocess.PIPE).stdout.decode()
    return [[match.split(":")[2].split(";")[0] for match in line.split()]
            for line in answers.split("\n")[:-1]]


def theirs(documents):
    """The numbers libphonenumber finds in each document."""
    for region, _, text, _ in documents:
        yield [phonenumbers.format_number(match.number, PhoneNumberFormat.E164)
               for match in PhoneNumberMatcher(text, region,
                                               leniency=Leniency.VALID)]


def score(documents, found):
    """Precision and recall, and per class: documents, right, missed, wrong."""
    classes = defaultdict(lambda: [0, 0, 0, 0])
    for (_, name, _, truth), numbers in zip(documents, found):
        row = classes[name]
        row[0] += 1
        row[1] += len(truth & set(numbers))
        row[2] += len(truth - set(numbers))
        row[3] += sum(number not in truth for number in numbers)
    right, missed, wrong = (sum(row[i] for row in classes.values())
                            for i in (1, 2, 3))
    return right / (right + wrong), right / (right + missed), classes


def main():
    probe = sys.argv[1]
    shown = sys.argv[3:] if sys.argv[2:3] == ["--show"] else []
    documents = list(Corpus(SEED).documents())
    mine = ask(probe, documents)
    other = list(theirs(documents))
    my_precision, my_recall, my_classes = score(documents, mine)
    precision, recall, classes = score(documents, other)

    print("%-18s %6s  %20s  %20s" % ("class", "texts", "pg_pii", "libphonenumber"))
    print("%-18s %6s  %6s %6s %6s  %6s %6s %6s" % (
        "", "", "right", "missed", "wrong", "right", "missed", "wrong"))
    for name in sorted(my_classes):
        print("%-18s %6d  %6d %6d %6d  %6d %6d %6d" % (
            name, *my_classes[name], *classes[name][1:]))
    print("precision %.4f, recall %.4f; libphonenumber: precision %.4f, "
          "recall %.4f" % (my_precision, my_recall, precision, recall))
    for (region, name, text, truth), numbers in zip(documents, mine):
        if name in shown and truth != set(numbers):
            print(region, name, repr(text), sorted(truth), numbers)

    checks = {
        "precision is above libphonenumber's": my_precision > precision,
        "recall is above libphonenumber's": my_recall > recall,
        "precision is at least 0.995": my_precision >= 0.995,
        "recall is at least 0.99": my_recall >= 0.99,
    }
    for name, holds in checks.items():
        print(("ok - " if holds else "FAILED - ") + name)
    print("%d passed, %d failed" % (sum(checks.values()),
                                    len(checks) - sum(checks.values())))
    return 0 if all(checks.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
