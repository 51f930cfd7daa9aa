# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import replace

from fusion_ros.node.health import (
    FusionFacts,
    Level,
    StreamFacts,
    check_fusion,
    check_pairing,
    check_stream,
)

STREAM = StreamFacts(
    topic="/thermal/image_raw",
    publishers=1,
    rate_hz=30.0,
    silent_s=0.02,
    received=100,
    malformed=0,
    unpaired=0,
    stale=0,
    new_usable=30,
    new_malformed=0,
    last_error="",
)
FUSION = FusionFacts(
    backend="mm_lut",
    engine="cpu",
    model_id="mm_lut@0",
    rate_hz=30.0,
    fused=100,
    superseded=0,
    failed=0,
    new_fused=30,
    new_superseded=0,
    new_failed=0,
    last_error="",
    latency_ms=(4.0, 9.0),
)


def test_a_healthy_stream_is_ok_and_tells_its_rate():
    verdict = check_stream("thermal input", STREAM, "profile.xml")
    assert (verdict.level, verdict.message) == (Level.OK, "30.0 Hz")


def test_a_silent_topic_without_publisher_asks_for_the_driver():
    verdict = check_stream("thermal input", replace(STREAM, silent_s=3, publishers=0), "")
    assert verdict.level == Level.ERROR
    assert "start the camera driver or remap" in verdict.message


def test_a_silent_topic_with_publisher_points_at_camera_and_middleware():
    verdict = check_stream("thermal input", replace(STREAM, silent_s=3), "")
    assert verdict.level == Level.ERROR
    assert "although it is published" in verdict.message
    assert "large images may be lost" in verdict.values["middleware profile"]


def test_incompatible_quality_of_service_comes_first():
    verdict = check_stream("thermal input", replace(STREAM, silent_s=3, qos_problem="offer"), "")
    assert verdict.message == "/thermal/image_raw: offer"


def test_refused_images_are_a_warning_with_the_latest_reason():
    verdict = check_stream("thermal input", replace(STREAM, new_malformed=2, last_error="why"), "")
    assert verdict.level == Level.WARN
    assert verdict.message == "2 images refused: why"


def test_streams_whose_stamps_never_match_are_an_error_with_the_parameters_to_set():
    verdict = check_pairing(STREAM, STREAM, new_pairs=0, reuse_thermal=False)
    assert verdict.level == Level.ERROR
    assert "pairing.thermal_offset_ms" in verdict.message


def test_a_slow_thermal_camera_brings_up_the_parameter_that_helps():
    slow = replace(STREAM, rate_hz=9.0, new_usable=9)
    assert "reuse_thermal" in check_pairing(STREAM, slow, 9, reuse_thermal=False).message
    assert check_pairing(STREAM, slow, 30, reuse_thermal=True).message == "paired"


def test_a_silent_or_unusable_stream_is_not_blamed_on_the_stamps():
    verdict = check_pairing(STREAM, replace(STREAM, new_usable=0), 0, reuse_thermal=False)
    assert (verdict.level, verdict.message) == (Level.OK, "waiting for images of both cameras")


def test_nothing_is_wrong_before_the_first_image():
    waiting = replace(STREAM, received=0, new_usable=0, rate_hz=0.0, silent_s=0.3, publishers=0)
    assert check_stream("visible input", waiting, "").level == Level.OK
    assert check_pairing(waiting, waiting, 0, reuse_thermal=False).level == Level.OK


def test_few_pairs_of_many_images_are_a_warning():
    verdict = check_pairing(STREAM, STREAM, new_pairs=4, reuse_thermal=False)
    assert (verdict.level, "4 of 30" in verdict.message) == (Level.WARN, True)


def test_an_incompatible_offer_of_somebody_else_is_no_error_while_images_come():
    assert check_stream("thermal input", replace(STREAM, qos_problem="offer"), "").level == Level.OK


def test_failed_pairs_are_an_error_and_skipped_ones_a_warning():
    failed = check_fusion(replace(FUSION, new_failed=1, last_error="bad"))
    assert (failed.level, "bad" in failed.message) == (Level.ERROR, True)
    skipped = check_fusion(replace(FUSION, new_superseded=3))
    assert (skipped.level, "faster than 'mm_lut'" in skipped.message) == (Level.WARN, True)
    assert check_fusion(FUSION).level == Level.OK
