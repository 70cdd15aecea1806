"""Which language a text is in."""

import pytest

from tasks.clean.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "Ukraine and Russia have exchanged 95 prisoners of war each, officials of both said on Wednesday.",
            "en",
        ),
        ("Україна повернула з російського полону 95 військових, повідомив Координаційний штаб.", "uk"),
        (
            "Российская сторона вернула из плена 90 военных, сообщили в министерстве обороны, где были представители "
            "ведомства.",
            "ru",
        ),
        ("Russland und die Ukraine haben jeweils 95 Gefangene ausgetauscht, teilten beide Seiten mit.", "other"),
        ("Moscow's words: «мир». Ukraine and Russia have exchanged 95 prisoners of war, and the men are home.", "en"),
        ("", "other"),
        ("12345", "other"),
        ("俄罗斯和乌克兰交换战俘", "other"),
    ],
)
def test_languages(text: str, language: str) -> None:
    assert language_of(text) == language
