"""Makes the images beside it, and pixels.csv with what is right for each: python3 make.py, with Pillow 11 or later.

Right is Pillow's RGB after exif_transpose, without colour management, what is transparent over white; values of 16 bits divided by 257.
The tests read the files that were made once and need no Python.
"""

import io
import struct
import zlib

from PIL import Image, ImageCms, ImageOps

WIDTH, HEIGHT = 6, 4
GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
CHANNELS = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGBA: 4}
ORIENTATION = 0x0112


def colour(x, y):
    """Another one at each place, so that no turn or mirroring is overlooked."""
    return (40 * x + 10, 70 * y + 5, 255 - 30 * x - 20 * y)


# PNG, written here: Pillow writes few of its kinds.


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def scanlines(rows, depth):
    """Rows of samples, each with the filter 0 before it."""
    lines = b""
    for row in rows:
        samples = [sample for pixel in row for sample in pixel]
        if depth == 16:
            packed = struct.pack(">%dH" % len(samples), *samples)
        else:
            bits = "".join(format(sample, "0%db" % depth) for sample in samples)
            bits += "0" * (-len(bits) % 8)
            packed = bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))
        lines += b"\0" + packed
    return lines


def png(kind, depth, pixel, chunks=(), interlaced=False, late=()):
    rows = [[pixel(x, y) for x in range(WIDTH)] for y in range(HEIGHT)]
    if interlaced:
        passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
        parts = [[row[left::across] for row in rows[top::down]] for left, top, across, down in passes]
        data = b"".join(scanlines([row for row in part if row], depth) for part in parts)
    else:
        data = scanlines(rows, depth)
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, depth, kind, 0, 0, int(interlaced))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + b"".join(chunk(*each) for each in chunks)
        + chunk(b"IDAT", zlib.compress(data, 9))
        + b"".join(chunk(*each) for each in late)
        + chunk(b"IEND", b"")
    )


def grey(most):
    return lambda x, y: ((x * 3 + y * 5) * (most + 1) // 31,)


def rgb(x, y):
    return colour(x, y)


def wide(x, y):
    return tuple(min(65535, value * 257 + 100 - x) for value in colour(x, y))


def index(x, y):
    return ((x + 2 * y) % 4,)


PALETTE_COLOURS = [(230, 120, 20), (20, 230, 120), (120, 20, 230), (9, 9, 9)]
PLTE = (b"PLTE", bytes(sum(PALETTE_COLOURS, ())))


def exif(orientation, order="<"):
    mark = {"<": b"II", ">": b"MM"}[order]
    return mark + struct.pack(order + "HIHHHIHHI", 42, 8, 1, ORIENTATION, 3, 1, orientation, 0, 0)


def xmp(orientation):
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description'
        ' xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="%d"/></rdf:RDF></x:xmpmeta>' % orientation
    ).encode()


def swapped_profile():
    """sRGB with red and blue the other way round: whoever applies it sees other colours."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = {bytes(profile[at : at + 4]): at for at in range(132, 132 + 12 * struct.unpack(">I", profile[128:132])[0], 12)}
    red, blue = tags[b"rXYZ"], tags[b"bXYZ"]
    profile[red + 4 : red + 12], profile[blue + 4 : blue + 12] = profile[blue + 4 : blue + 12], profile[red + 4 : red + 12]
    return bytes(profile)


PROFILE = swapped_profile()
ICCP = (b"iCCP", b"swapped\0\0" + zlib.compress(PROFILE, 9))

# JPEG, written by Pillow and changed here.


def jpeg(mode="RGB", **options):
    image = Image.new("RGB", (WIDTH, HEIGHT))
    image.putdata([colour(x, y) for y in range(HEIGHT) for x in range(WIDTH)])
    file = io.BytesIO()
    options = {"quality": 95, "subsampling": 0, "optimize": True, **options}
    image.convert(mode).save(file, "JPEG", **options)
    return file.getvalue()


def segments(file):
    """(marker, whole segment) up to the first scan, then (None, rest)."""
    at = 2
    while file[at + 1] != 0xDA:
        length = 2 + struct.unpack(">H", file[at + 2 : at + 4])[0]
        yield file[at + 1], file[at : at + length]
        at += length
    yield None, file[at:]


def without(file, *markers):
    return file[:2] + b"".join(each for marker, each in segments(file) if marker not in markers)


def with_segment(file, marker, data):
    return file[:2] + b"\xff" + bytes([marker]) + struct.pack(">H", 2 + len(data)) + data + file[2:]


def transform(file, value):
    at = file.index(b"Adobe") + 11
    return file[:at] + bytes([value]) + file[at + 1 :]


JFIF = b"JFIF\0\1\1\0\0\1\0\1\0\0"


def files():
    yield "grey.jpg", jpeg("L")
    yield "grey-profile.jpg", jpeg("L", icc_profile=PROFILE)
    yield "ycc.jpg", jpeg()
    yield "ycc-half-wide.jpg", jpeg(subsampling=1)
    yield "ycc-quarter.jpg", jpeg(subsampling=2)
    yield "ycc-progressive.jpg", jpeg(progressive=True)
    yield "ycc-coarse.jpg", jpeg(quality=1)
    yield "ycc-unmarked.jpg", without(jpeg(), 0xE0)
    yield "ycc-profile.jpg", jpeg(icc_profile=PROFILE)
    yield "ycc-damaged-profile.jpg", with_segment(jpeg(), 0xE2, b"ICC_PROFILE\0\2\1nothing")
    yield "ycc-restarts.jpg", jpeg(restart_marker_blocks=1)
    kept = jpeg(keep_rgb=True)
    yield "rgb-adobe.jpg", kept
    yield "rgb-letters.jpg", without(kept, 0xEE)
    yield "rgb-letters-exif.jpg", with_segment(without(kept, 0xEE), 0xE1, b"Exif\0\0" + exif(1))
    yield "rgb-jfif.jpg", with_segment(kept, 0xE0, JFIF)
    cmyk = jpeg("CMYK")
    yield "cmyk.jpg", cmyk
    yield "cmyk-unmarked.jpg", without(cmyk, 0xEE)
    yield "cmyk-profile.jpg", with_segment(cmyk, 0xE2, b"ICC_PROFILE\0\1\1" + PROFILE)
    yield "ycck.jpg", transform(cmyk, 2)
    yield "ycck-progressive.jpg", transform(jpeg("CMYK", progressive=True), 2)
    for orientation in range(1, 9):
        segment = b"Exif\0\0" + exif(orientation, "<>"[orientation % 2])
        yield "exif-%d.jpg" % orientation, with_segment(jpeg("L" if orientation % 2 else "RGB"), 0xE1, segment)
    yield "exif-9.jpg", with_segment(jpeg("L"), 0xE1, b"Exif\0\0" + exif(9))
    yield "exif-damaged.jpg", with_segment(jpeg("L"), 0xE1, b"Exif\0\0" + exif(6)[:12])
    yield "xmp-6.jpg", with_segment(jpeg("L"), 0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp(6))
    yield "exif-3-cmyk.jpg", with_segment(cmyk, 0xE1, b"Exif\0\0" + exif(3))
    for depth in (1, 2, 4, 8, 16):
        yield "grey-%d.png" % depth, png(GREY, depth, grey((1 << depth) - 1))
        clear = grey((1 << depth) - 1)(2, 1)[0]
        yield "grey-%d-clear.png" % depth, png(GREY, depth, grey((1 << depth) - 1), [(b"tRNS", struct.pack(">H", clear))])
    yield "grey-gamma.png", png(GREY, 8, grey(255), [(b"gAMA", struct.pack(">I", 100000))])
    yield "grey-interlaced.png", png(GREY, 4, grey(15), interlaced=True)
    yield "grey-alpha-8.png", png(GREY_ALPHA, 8, lambda x, y: (200 - 30 * y, 50 * x))
    yield "grey-alpha-16.png", png(GREY_ALPHA, 16, lambda x, y: (257 * (200 - 30 * y) + 90, 257 * 50 * x))
    yield "rgb-8.png", png(RGB, 8, rgb)
    yield "rgb-16.png", png(RGB, 16, wide)
    yield "rgb-8-clear.png", png(RGB, 8, rgb, [(b"tRNS", struct.pack(">3H", *rgb(3, 1)))])
    yield "rgb-16-clear.png", png(RGB, 16, wide, [(b"tRNS", struct.pack(">3H", *wide(3, 1)))])
    yield "rgb-gamma.png", png(RGB, 8, rgb, [(b"gAMA", struct.pack(">I", 100000))])
    yield "rgb-profile.png", png(RGB, 8, rgb, [ICCP])
    yield "rgb-damaged-profile.png", png(RGB, 8, rgb, [(b"iCCP", b"nothing\0\0nothing")])
    yield "rgb-interlaced.png", png(RGB, 8, rgb, interlaced=True)
    yield "rgb-exif-6.png", png(RGB, 8, rgb, [(b"eXIf", exif(6, ">"))])
    yield "rgb-exif-5-late.png", png(RGB, 8, rgb, late=[(b"eXIf", exif(5))])
    yield "rgb-xmp-8.png", png(RGB, 8, rgb, [(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp(8))])
    yield "rgba-8.png", png(RGBA, 8, lambda x, y: (*rgb(x, y), 50 * x))
    yield "rgba-16.png", png(RGBA, 16, lambda x, y: (*wide(x, y), 257 * 50 * x))
    yield "rgba-interlaced.png", png(RGBA, 8, lambda x, y: (*rgb(x, y), 80 * y), interlaced=True)
    for depth in (2, 4, 8):
        yield "palette-%d.png" % depth, png(PALETTE, depth, index, [PLTE])
    yield "palette-1.png", png(PALETTE, 1, lambda x, y: ((x + y) % 2,), [(b"PLTE", PLTE[1][:6])])
    yield "palette-4-clear.png", png(PALETTE, 4, index, [PLTE, (b"tRNS", bytes([255, 0, 100]))])
    yield "palette-interlaced.png", png(PALETTE, 2, index, [PLTE, (b"tRNS", bytes([0]))], interlaced=True)


def right(file, name):
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(file)))
    if image.mode.startswith("I"):
        clear = image.info.get("transparency")
        values = struct.unpack("<%dH" % (image.width * image.height), image.convert("I;16").tobytes())
        return Image.frombytes(
            "L", image.size, bytes(value // 257 if value != clear else 255 for value in values)
        ).convert("RGB")
    if name == "rgb-16-clear.png":
        image.putpixel((3, 1), (255, 255, 255))  # Pillow compares a value of 16 bits with one of 8.
    elif image.has_transparency_data:
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image.convert("RGBA"))
    return image.convert("RGB")


if __name__ == "__main__":
    with open("pixels.csv", "w", encoding="ascii", newline="\n") as table:
        table.write("file,width,height,pixels\n")
        for name, file in files():
            with open(name, "wb") as out:
                out.write(file)
            image = right(file, name)
            table.write("%s,%d,%d,%s\n" % (name, *image.size, image.tobytes().hex()))
