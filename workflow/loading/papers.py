"""Papers of the demonstration: a valid PDF of one page, without any program to make it."""


def demonstration_pdf(title: str) -> bytes:
    """A PDF 1.4 of one A4 page with "Demonstration document" and `title`, its cross-reference table exact.

    Characters outside Latin-1 are written as "?": the standard font has no others.
    """
    lines = b"".join(
        b"1 0 0 1 72 %d Tm (%b) Tj " % (height, _escaped(text))
        for height, text in ((740, "Demonstration document"), (712, title))
    )
    content = b"BT /F 14 Tf " + lines + b"ET"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Font << /F 5 0 R >> >>",
    )
    pdf, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(pdf))
        pdf += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(pdf))
    return pdf + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + trailer


def _escaped(text: str) -> bytes:
    """`text` as the inside of a PDF string."""
    plain = text.replace("–", "-").encode("latin-1", "replace")
    return plain.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
