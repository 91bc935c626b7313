"""Which engine serves: the one that the settings name, with its models loaded."""

from collections.abc import Collection
from functools import partial

from services.recognizer.adapters.eight_bit import Tell, best_file
from services.recognizer.adapters.line_reader import LineReader, Locate
from services.recognizer.adapters.openvino_engine import OpenVinoEngine
from services.recognizer.adapters.openvino_text import OpenVinoText
from services.recognizer.adapters.packaged_models import DETECTOR, LIGHT_DETECTOR, RECOGNISER, characters_of
from services.recognizer.adapters.state_reader import StateReader
from services.recognizer.ctc import CharacterSet
from services.recognizer.engine import Engine
from services.recognizer.modes import ACCURATE, FAST, Detector, Mode
from services.recognizer.plate_test import LEAST_PLATENESS
from services.recognizer.settings import RecognizerSettings

_DETECTORS = {"light": LIGHT_DETECTOR, "thorough": DETECTOR}
_STATE_DETECTOR: Detector = "thorough"


def open_engine(settings: RecognizerSettings, tell: Tell, *, least_plateness: float = LEAST_PLATENESS) -> Engine:
    """The engine of the settings; some seconds. `tell` hears what is not as fast as it could be.

    `least_plateness` is the probability from which a line is told as a plate; 0 tells every line.
    Raises UnexpectedModel if the installed models are not the ones expected.
    """
    regions = settings.regions.split(",")
    if settings.engine == "paddle":
        # PaddleOCR takes seconds to import, and the other engines do without it.
        from services.recognizer.adapters.paddle_engine import PaddleEngine

        return PaddleEngine(
            settings.models_folder, threads=settings.threads, regions=regions, least_plateness=least_plateness
        )
    mode = {"fast": FAST, "accurate": ACCURATE}[settings.engine]
    return _open_openvino(mode, settings.threads, regions, least_plateness, tell)


def open_state_reader(threads: int, tell: Tell) -> StateReader:
    """What names the state of issue, without an engine around it: to be measured by itself."""
    text, _ = _load((_STATE_DETECTOR,), threads, tell)
    return _state_reader(text, CharacterSet(characters_of(RECOGNISER.packaged())))


def open_line_reader(detector: Detector, threads: int, tell: Tell) -> tuple[LineReader, Locate]:
    """What finds and reads lines, without a judgement of them: for measuring that by itself."""
    text, _ = _load((detector,), threads, tell)
    return LineReader(text.read, CharacterSet(characters_of(RECOGNISER.packaged()))), partial(
        text.locate, detector=detector
    )


def _open_openvino(mode: Mode, threads: int, regions: Collection[str], least_plateness: float, tell: Tell) -> Engine:
    names_states = "us" in regions
    text, models = _load((*mode.detectors, *([_STATE_DETECTOR] if names_states else [])), threads, tell)
    characters = CharacterSet(characters_of(RECOGNISER.packaged()))
    return OpenVinoEngine(
        mode,
        text,
        characters,
        models,
        states=_state_reader(text, characters) if names_states else None,
        regions=regions,
        least_plateness=least_plateness,
    )


def _load(wanted: Collection[Detector], threads: int, tell: Tell) -> tuple[OpenVinoText, dict[str, str]]:
    """The detectors wanted and the recogniser, and what they are: name to SHA-256."""
    detectors = {name: best_file(_DETECTORS[name], tell) for name in dict.fromkeys(wanted)}
    recogniser = best_file(RECOGNISER, tell)
    text = OpenVinoText({name: model.file for name, model in detectors.items()}, recogniser.file, threads)
    return text, {model.name: model.sha256 for model in (*detectors.values(), recogniser)}


def _state_reader(text: OpenVinoText, characters: CharacterSet) -> StateReader:
    return StateReader(partial(text.locate, detector=_STATE_DETECTOR), text.read, characters)
