"""How hard a text is to read: Flesch-Kincaid for English, Fernández Huerta for Spanish."""

import re


def words(text):
    return re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", text)


def sentences(text):
    return len(re.findall(r"[.?!]+(?=\s|$)", text))


def syllables_en(word):
    """Groups of vowels, less a silent final e; near enough over a thousand words."""
    word = word.lower().replace("coali", "co-ali")
    count = len(re.findall(r"[aeiouy]+", word))
    if re.search(r"[^aeiouyl]e$|[^aeiouydt]ed$|[^aeiouyscxzgh]es$", word):
        count -= 1
    return max(count, 1)


def syllables_es(word):
    """Two strong vowels, or an accented í or ú beside one, are two syllables; other neighbours are one."""
    word = re.sub(r"qu(?=[eéií])", "q", re.sub(r"gu(?=[eéií])", "g", word.lower()))
    word = re.sub(r"y$", "i", word)
    return max(len(re.findall(r"[íú]|[iuü]?[aeoáéó](?:[iuü](?![aeoáéó]))?|[iuü]+", word)), 1)


def flesch_kincaid_grade(texts):
    text = " ".join(texts)
    found = words(text)
    return 0.39 * len(found) / sentences(text) + 11.8 * sum(map(syllables_en, found)) / len(found) - 15.59


def fernandez_huerta_ease(texts):
    text = " ".join(texts)
    found = words(text)
    return 206.84 - 60 * sum(map(syllables_es, found)) / len(found) - 1.02 * len(found) / sentences(text)
