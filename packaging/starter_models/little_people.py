"""Make the data set of the starter model "Little People", and say how it was trained.

Needs ``pip install fonttools`` and the font file of Noto Color Emoji (Debian: package ``fonts-noto-color-emoji``).

    python packaging/starter_models/little_people.py /usr/share/fonts/truetype/noto/NotoColorEmoji.ttf folder
    latent-studio train folder --name "Little People" --resolution 64 --images 765000 --batch 16 --seed 1 \
        --set channel_base=1024 --set latent_size=32 --set style_mixing=0.1 --set ema_images=15000 \
        --set anchor=40 --set anchor_first=84000 --set r1_gamma=0.5 --set augment_share=0.6

The first 84,000 images give the anchors time alone; six hours on one core, shared with other work, made the rest. An
anchor of 10 in place of 40 lost its colours after 400,000 images.

Drawn are the glyphs that show one face or one person's head and shoulders, 136 x 136 pixels with transparency.
"""

from __future__ import annotations

import io
import sys
import unicodedata
from pathlib import Path

from fontTools.ttLib import TTFont
from PIL import Image

SIDE = 136
# Code points drawn as head and shoulders.
PEOPLE = {
    0x1F385, 0x1F466, 0x1F467, 0x1F468, 0x1F469, 0x1F46E, 0x1F470, 0x1F471, 0x1F472, 0x1F473, 0x1F474, 0x1F475, 0x1F476,
    0x1F477, 0x1F478, 0x1F482, 0x1F575, 0x1F934, 0x1F935, 0x1F936, 0x1F977, 0x1F9D1, 0x1F9D2, 0x1F9D3, 0x1F9D4, 0x1F9D5,
    0x1F9D9, 0x1F9DB, 0x1F9DD, 0x1FAC5,
}  # fmt: skip
# What may follow a person: a profession, a hair style, a gender sign, a skin tone. Nothing that shows a whole body.
MODIFIERS = {
    0x200D, 0x2640, 0x2642, 0x2695, 0x2696, 0x2708, 0xFE0F, 0x1F33E, 0x1F373, 0x1F384, 0x1F393, 0x1F3A4, 0x1F3A8,
    0x1F3EB, 0x1F3ED, 0x1F4BB, 0x1F4BC, 0x1F527, 0x1F52C, 0x1F680, 0x1F692, 0x1F9B0, 0x1F9B1, 0x1F9B2, 0x1F9B3,
    *range(0x1F3FB, 0x1F400),
}  # fmt: skip
# Names with "face" that are no faces, or have hands and bodies.
NOT_FACES = (
    "CLOCK", "WITH FACE", "WIND BLOWING", "MASSAGE", "GESTURE", "POUTING FACE", "PALM", "DRAGON", "DOTTED",
    "EYES AND HAND",
)  # fmt: skip


def code_points(font: TTFont) -> dict[str, list[int]]:
    """The text each glyph stands for: single characters from cmap, sequences from the GSUB ligatures."""
    singles = {glyph: code for code, glyph in font.getBestCmap().items()}
    parts: dict[str, list[str]] = {}
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            for first, ligatures in getattr(table, "ligatures", {}).items():
                for ligature in ligatures:
                    parts[ligature.LigGlyph] = [first, *ligature.Component]

    def expand(glyph: str) -> list[int] | None:
        if glyph in singles:
            return [singles[glyph]]
        expanded = [expand(part) for part in parts.get(glyph, ())]
        if not expanded or any(codes is None for codes in expanded):
            return None
        return [code for codes in expanded if codes for code in codes]

    glyphs = font["CBDT"].strikeData[0]
    return {glyph: codes for glyph in glyphs if (codes := expand(glyph))}


def wanted(codes: list[int]) -> str | None:
    """ "face", "person" or None."""
    name = unicodedata.name(chr(codes[0]), "")
    if len([code for code in codes if code != 0xFE0F]) == 1 and "FACE" in name:
        return None if any(word in name for word in NOT_FACES) else "face"
    return "person" if codes[0] in PEOPLE and MODIFIERS.issuperset(codes[1:]) else None


def main(font_file: str, folder: str) -> None:
    """Write the pictures."""
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    font = TTFont(font_file)
    bitmaps = font["CBDT"].strikeData[0]
    count = 0
    for glyph, codes in code_points(font).items():
        kind = wanted(codes)
        if kind is None:
            continue
        drawn = Image.open(io.BytesIO(bitmaps[glyph].imageData)).convert("RGBA")
        picture = Image.new("RGBA", (SIDE, SIDE))
        picture.paste(drawn, ((SIDE - drawn.width) // 2, (SIDE - drawn.height) // 2))
        picture.save(out / f"{kind}-{'-'.join(f'{code:x}' for code in codes)}.png")
        count += 1
    print(f"{count} pictures in {out}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
