"""A labelled corpus of numbers in running text, from a fixed seed.

Nigeria is left out: its plan changed between the two versions.

Each document is a region, a class, a text and the set of telephone numbers (in
E.164) that a reader would find in it.  Numbers are drawn so that they are valid
for the installed phonenumbers package, whose metadata is older than ours: the
comparison favours it.
"""
import random

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

REGIONS = ["US", "US", "GB", "GB", "DE", "DE", "FR", "FR", "ES", "IT", "NL",
           "SE", "CH", "AT", "PL", "PT", "BR", "BR", "MX", "AR", "CO", "IN",
           "IN", "CN", "JP", "KR", "TW", "AU", "NZ", "ZA", "RU", "UA", "TR",
           "IL", "AE", "EG", "ID", "PH", "TH", "VN", "DK", "NO", "FI",
           "BE", "CA", "IE", "CZ", "GR", "HU", "RO", "SG", "HK", "PK"]
TYPES = [PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE,
         PhoneNumberType.MOBILE, PhoneNumberType.TOLL_FREE]

LABELS = {
    "*": ["Tel: {}", "Phone {}", "phone={}", "T. {}", "Fax: {}", "Mobile: {}",
          "call me at {} please", "reach us on {}, 9 to 5", "WhatsApp {}",
          "({})", "{}", " {} ", "\"{}\"", "my number is {}.", "{} (home)",
          "{} - office", "home: {}; ask for Ann", "Contact: Bob, {}",
          "{{\"phone\":\"{}\"}}", "<a href=\"x\">{}</a>", "a,b,{},c",
          "Ann Lee | {} | Springfield", "* {}", "1) {}", "\u260e {}",
          "Support \u2013 {}", "SMS or call {}!", "{}?", "Room 5, {}",
          "number:{}", "[{}]", "'{}'", "Ann\t{}\tBob", "Since 1998. {}",
          "the desk ({}) is open", "Suite 200, {}", "text {} now"],
    "DE": ["Telefon: {}", "Handy {}", "Rufnummer {}", "Tel.: {}"],
    "FR": ["T\u00e9l : {}", "portable {}", "joignable au {}"],
    "ES": ["Tel\u00e9fono {}", "m\u00f3vil: {}", "ll\u00e1mame al {}"],
    "MX": ["Celular {}", "Tel. {}"], "BR": ["Telefone: {}", "celular {}"],
    "IT": ["cellulare {}", "telefono: {}"], "PT": ["telem\u00f3vel {}"],
    "CN": ["\u7535\u8bdd{}", "\u624b\u673a\uff1a{}", "\u8054\u7cfb{}\u5373\u53ef"],
    "JP": ["\u96fb\u8a71{}", "TEL\uff1a{}", "\u9023\u7d61\u5148\u306f{}\u3067\u3059"],
    "KR": ["\uc804\ud654 {}", "\ubc88\ud638:{}"],
    "RU": ["\u0442\u0435\u043b. {}", "\u0437\u0432\u043e\u043d\u0438\u0442\u0435 {}"],
    "PL": ["tel. kom. {}"], "NL": ["bel {}"], "SE": ["ring {}"],
}


class Corpus:
    """Draws documents; equal seeds draw equal documents."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def number(self, region):
        """A valid number of a region, other than its example."""
        while True:
            example = phonenumbers.example_number_for_type(
                region, self.random.choice(TYPES))
            if example is None:
                continue
            national = list(phonenumbers.national_significant_number(example))
            for at in range(len(national) - 5, len(national)):
                national[at] = str(self.random.randrange(10))
            try:
                number = phonenumbers.parse(
                    "+%d%s" % (example.country_code, "".join(national)))
            except phonenumbers.NumberParseException:
                continue
            if phonenumbers.is_valid_number(number) and len(national) > 6:
                return number

    def restyle(self, text):
        """Another way to write a formatted number."""
        choice = self.random.randrange(14)
        if choice == 0:
            return text.replace("-", " ")
        if choice == 1:
            return text.replace(" ", "-")
        if choice == 2 and text.count(" ") + text.count("-") > 1:
            return text.replace(") ", ")").replace(" ", ".").replace("-", ".")
        if choice == 3:
            return text.replace(" ", "\u00a0")
        if choice == 4:
            return text.replace("-", "\u2011")
        if choice == 5:
            return text.replace("-", "\u2013")
        if choice == 6:
            return text.translate({ord("0") + i: 0xFF10 + i for i in range(10)})
        if choice == 7:
            return "\u202a" + text + "\u202c"
        return text

    def written(self, number, region):
        """A number as somebody of a region writes it."""
        choice = self.random.randrange(12)
        international = phonenumbers.format_number(
            number, PhoneNumberFormat.INTERNATIONAL)
        national = phonenumbers.format_number(
            number, PhoneNumberFormat.NATIONAL)
        e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
        if choice == 0:
            return e164
        if choice == 1:
            return "tel:" + e164
        if choice == 2:
            return "00" + international[1:]
        if choice < 6:
            return self.restyle(international)
        if choice == 6 and national[0] == "0" and region not in ("IT", "HU"):
            return international.split(" ")[0] + " (0)" + \
                " ".join(international.split(" ")[1:])
        if region == "US" and choice == 7:
            digits = e164[2:]
            return self.random.choice(["{}-{}-{}", "{}.{}.{}", "({}) {}-{}",
                                       "({}){}-{}", "1-{}-{}-{}",
                                       "1 ({}) {}-{}", "{} {} {}"]).format(
                digits[:3], digits[3:6], digits[6:])
        return self.restyle(national)

    def positives(self, count):
        """Numbers in contexts in which people write them."""
        for _ in range(count):
            region = self.random.choice(REGIONS)
            owner = region if self.random.randrange(5) else \
                self.random.choice(REGIONS)
            number = self.number(owner)
            if owner == region:
                text = self.written(number, region)
            else:
                text = self.restyle(phonenumbers.format_number(
                    number, PhoneNumberFormat.INTERNATIONAL))
            e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
            if self.random.randrange(12) == 0:
                text += self.random.choice(
                    [" x12", " ext. 345", ", ext 7", " #22", " Ext: 1234"])
            label = self.random.choice(LABELS["*"] + 4 * LABELS.get(region, []))
            yield region, "number", label.format(text), {e164}

    def pairs(self, count):
        """Two numbers in one text."""
        for _ in range(count):
            region = self.random.choice(REGIONS)
            first, second = self.number(region), self.number(region)
            style = self.random.choice([PhoneNumberFormat.INTERNATIONAL,
                                        PhoneNumberFormat.NATIONAL])
            between = self.random.choice(
                [", ", "; ", " / ", " or ", "\t", " | ", "/", " and "])
            yield region, "pair", between.join(
                phonenumbers.format_number(n, style) for n in (first, second)), {
                    phonenumbers.format_number(n, PhoneNumberFormat.E164)
                    for n in (first, second)}

    def bare(self, count):
        """Digits only, behind a word that announces a number."""
        for _ in range(count):
            region = self.random.choice(REGIONS)
            number = self.number(region)
            digits = "".join(filter(str.isdigit, phonenumbers.format_number(
                number, PhoneNumberFormat.NATIONAL)))
            label = self.random.choice(
                ["phone: {}", "mobile {}", "Tel {}", "call {}", "{}",
                 "my cell is {}", "whatsapp:{}", "sms {} to win"])
            yield region, "bare", label.format(digits), {
                phonenumbers.format_number(number, PhoneNumberFormat.E164)}

    def digits(self, count, first="123456789"):
        """A string of digits."""
        return self.random.choice(first) + "".join(
            self.random.choice("0123456789") for _ in range(count - 1))

    def luhn(self, prefix, length):
        """A number with the last digit that Luhn's sum asks for."""
        body = prefix + self.digits(length - len(prefix) - 1, "0123456789")
        total = 0
        for i, digit in enumerate(reversed(body)):
            value = int(digit) * (2 if i % 2 == 0 else 1)
            total += value - 9 if value > 9 else value
        return body + str(-total % 10)

    def ean(self, body):
        """A bar code with its last digit."""
        total = sum(int(d) * (3 if i % 2 == 0 else 1)
                    for i, d in enumerate(reversed(body)))
        return body + str(-total % 10)

    def iban(self, country, body):
        """An IBAN in groups of four."""
        text = body + country + "00"
        value = int("".join(str(int(c, 36)) for c in text))
        text = "%s%02d%s" % (country, 98 - value % 97, body)
        return " ".join(text[i:i + 4] for i in range(0, len(text), 4))

    def hexadecimal(self, count):
        """Hexadecimal digits, most of them decimal ones."""
        return "".join(self.random.choice("0123456789" * 3 + "abcdef")
                       for _ in range(count))

    def something_else(self):
        """One thing that is not a telephone number: class and text."""
        r = self.random
        y, m, d = r.randrange(1950, 2030), r.randrange(1, 13), r.randrange(1, 29)
        h, n, s = r.randrange(24), r.randrange(60), r.randrange(60)
        e = self.digits
        card = self.luhn(r.choice(["4", "51", "2221", "6011", "62"]), 16)
        amex = self.luhn("37", 15)
        isbn = self.ean("978" + e(9, "0123456789"))
        makers = {
            "date": lambda: r.choice([
                "%04d-%02d-%02d", "%04d/%02d/%02d", "%04d.%02d.%02d",
                "on %04d-%02d-%02d we", "%04d%02d%02d"]) % (y, m, d),
            "day first": lambda: r.choice([
                "%02d.%02d.%04d", "%02d/%02d/%04d", "%02d-%02d-%04d",
                "%02d %02d %04d", "born %02d%02d%04d"]) % (d, m, y),
            "timestamp": lambda: r.choice([
                "%04d-%02d-%02d %02d:%02d:%02d", "%04d-%02d-%02dT%02d:%02d:%02dZ",
                "%04d%02d%02d%02d%02d%02d", "%04d-%02d-%02d_%02d-%02d-%02d",
                "%04d%02d%02d-%02d%02d%02d", "[%04d/%02d/%02d %02d:%02d:%02d]",
                "%04d-%02d-%02d %02d:%02d:%02d.123456+00:00"]) % (
                    y, m, d, h, n, s),
            "epoch": lambda: r.choice(["ts={}", "at {} UTC", "\"time\":{}"]).format(
                r.randrange(1000000000, 1900000000)),
            "ip address": lambda: r.choice(["{}.{}.{}.{}", "host {}.{}.{}.{}:8080",
                                            "from {}.{}.{}.{}/24"]).format(
                *(r.randrange(100, 256) for _ in range(4))),
            "decimal": lambda: r.choice([
                "%.7f" % (r.random() * 1000), "%.4f" % (r.random() * 10000000),
                "-%.8f" % (r.random() * 100), "%.5e" % (r.random() * 1e9),
                "0.%s" % e(12)]),
            "money": lambda: r.choice([
                "${}", "\u20ac {}", "USD {}", "{} EUR", "{}.50 dollars",
                "\u00a3{}", "\u20b9{}"]).format(
                    r.choice([e(10), e(9), "{:,}".format(int(e(10)))])),
            "position": lambda: r.choice([
                "%.6f, %.6f", "%.6f %.6f", "lat %.5f lon %.5f", "@%.7f,%.7f,15z",
                "%.4f,%.4f"]) % (r.uniform(-90, 90), r.uniform(-180, 180)),
            "uuid": lambda: "-".join(self.hexadecimal(k) for k in (8, 4, 4, 4, 12)),
            "digit uuid": lambda: "-".join(e(k) for k in (8, 4, 4, 4, 12)),
            "hash": lambda: self.hexadecimal(r.choice([16, 32, 40, 64])),
            "card": lambda: r.choice([
                card, "-".join(card[i:i + 4] for i in range(0, 16, 4)),
                " ".join(card[i:i + 4] for i in range(0, 16, 4)),
                "%s %s %s" % (amex[:4], amex[4:10], amex[10:]), amex,
                "card " + card]),
            "iban": lambda: r.choice([
                self.iban("DE", e(18)), self.iban("GB", "NWBK" + e(14)),
                self.iban("FR", e(23)), self.iban("NL", "ABNA" + e(10, "0123")),
                self.iban("ES", e(20)).replace(" ", "")]),
            "isbn": lambda: r.choice([
                isbn, "ISBN " + isbn, "%s-%s-%s-%s-%s" % (
                    isbn[:3], isbn[3], isbn[4:7], isbn[7:12], isbn[12]),
                "ISBN 0-306-40615-2", "ISBN-10: 3-16-148410-X"]),
            "bar code": lambda: r.choice([
                self.ean(e(12)), "EAN " + self.ean(e(12)), self.ean(e(11)),
                "UPC " + self.ean(e(11))]),
            "tracking": lambda: r.choice([
                "1Z%s%s" % (self.hexadecimal(6).upper(), e(10)),
                "9400 1%s %s %s %s %s" % (e(3), e(4), e(4), e(4), e(2)),
                "tracking %s" % e(12), "RB%sDE" % e(9), "JD%s" % e(18),
                "%s %s %s" % (e(4), e(4), e(4))]),
            "order code": lambda: r.choice([
                "ORD-%s", "INV%s", "SKU-%s-A", "PO_%s", "A%sB", "CASE-%s",
                "x-%s-y", "%s-B2"]) % e(10),
            "named id": lambda: r.choice([
                "order %s", "invoice no. %s", "id: %s", "ticket #%s", "ref %s",
                "account %s", "user_id=%s", "item %s", "serial %s", "#%s"]) %
                e(10),
            "version": lambda: "v%d.%d.%d.%d" % (
                r.randrange(20), r.randrange(30), r.randrange(9999), r.randrange(99)),
            "range": lambda: r.choice(["%d-%d", "%d \u2013 %d", "pp. %d-%d"]) % (
                y, y + r.randrange(1, 60)),
            "equation": lambda: r.choice([
                "%s+%s=%s", "%s*%s", "%s/%s", "(%s-%s)", "%s^%s", "%s = %s"])
                .replace("%s", "{}").format(*(e(5) for _ in range(3))),
            "long run": lambda: e(r.randrange(16, 40)),
            "spaced run": lambda: " ".join(
                e(r.choice([1, 2, 3])) for _ in range(r.randrange(8, 16))),
            "scores": lambda: ", ".join("%d-%d" % (r.randrange(100), r.randrange(100))
                                        for _ in range(6)),
            "ssn": lambda: "%s-%s-%s" % (e(3), e(2), e(4)),
            "zip": lambda: r.choice(["Springfield, IL %s-%s", "%s-%s"]) % (e(5), e(4)),
            "cep": lambda: "CEP %s-%s" % (e(5), e(3)),
            "cpf": lambda: "%s.%s.%s-%s" % (e(3), e(3), e(3), e(2)),
            "file": lambda: r.choice(["IMG_%s_%s.jpg", "scan%s-%s.pdf",
                                      "/data/%s/%s.bin", "log.%s.%s.gz"]) % (
                e(8), e(6)),
            "url": lambda: r.choice([
                "https://example.com/item/%s", "http://x.org/?id=%s&p=1",
                "https://twitter.com/a/status/%s", "/orders/%s/edit"]) % e(10),
            "mac": lambda: ":".join(e(2) for _ in range(6)),
            "issn": lambda: "ISSN %s-%s" % (e(4), e(4)),
            "cas": lambda: "%s-%s-%s" % (e(6), e(2), e(1)),
            "doi": lambda: "10.%s/%s.%s" % (e(4), e(7), e(5)),
            "bank": lambda: "%s-%s-%s %s" % (e(2), e(2), e(2), e(8)),
            "imei": lambda: self.luhn("35", 15),
            "vat": lambda: r.choice(["DE%s", "ATU%s", "FR%s", "NL%sB01"]) % e(9),
            "percent": lambda: "%s%%" % e(8),
            "email": lambda: r.choice(["%s@qq.com", "user%s@x.org"]) % e(10),
            "handle": lambda: "@%s" % e(10),
            "key": lambda: "-".join(e(5) for _ in range(5)),
            "thousands": lambda: r.choice([",", ".", " "]).join(
                [e(r.choice([1, 2, 3]))] + [e(3) for _ in range(r.choice([2, 3]))]),
            "table": lambda: " ".join(e(r.choice([4, 5])) for _ in range(6)),
            "log": lambda: "pid %s [%s] took %s.%s ms" % (e(5), e(8), e(3), e(4)),
        }
        name = r.choice(sorted(makers))
        return name, makers[name]()

    def negatives(self, count):
        """Things that are not telephone numbers."""
        for _ in range(count):
            region = self.random.choice(REGIONS)
            name, text = self.something_else()
            around = self.random.choice(["{}", "{}", "see {} for more", "{}.",
                                         "({})", "\"{}\"", "{}, and so on"])
            yield region, "not: " + name, around.format(text), set()

    def documents(self):
        """The whole corpus."""
        yield from self.positives(6000)
        yield from self.pairs(1000)
        yield from self.bare(1000)
        yield from self.negatives(8000)
