from gis.model.errors import SettingError


def test_what_a_setting_may_be_is_told_in_the_language_of_the_sentence():
    error = SettingError("setting-nonsense", name="work", value="x", allowed="allowed-whole-number >= 1")
    assert error.what("en") == "work cannot be x: whole number >= 1."
    assert "整数 >= 1" in error.what("zh")


def test_what_is_no_code_is_told_as_it_is():
    error = SettingError("setting-nonsense", name="work", value="x", allowed="unknown-unit, >= 1")
    assert error.what("en") == "work cannot be x: unknown-unit, >= 1."
