// SPDX-FileCopyrightText: 2026 fusion_ros contributors
// SPDX-License-Identifier: Apache-2.0
"use strict";

// Turns the stacked pictures of each sample into a viewer: two of them, a divider between.
(() => {
  const viewer = document.querySelector("[data-viewer]");
  const samples = [...viewer.querySelectorAll(".sample")];
  const tabs = [...viewer.querySelectorAll("[role=tab]")];
  const dividers = [...viewer.querySelectorAll(".divider")];
  const layers = { left: "visible", right: "fused" };
  let split = 50;

  const say = () => {
    for (const divider of dividers) {
      divider.setAttribute("aria-valuenow", String(Math.round(split)));
      divider.setAttribute(
        "aria-valuetext",
        `${layers.left} on the left ${Math.round(split)} percent, then ${layers.right}`,
      );
    }
  };

  const moveTo = (percent) => {
    split = Math.min(100, Math.max(0, percent));
    viewer.style.setProperty("--split", `${split}%`);
    say();
  };

  const showLayers = () => {
    for (const figure of viewer.querySelectorAll("[data-layer]")) {
      for (const side of ["left", "right"]) {
        figure.classList.toggle(side, figure.dataset.layer === layers[side]);
      }
    }
    for (const radio of viewer.querySelectorAll("input[type=radio]")) {
      radio.checked = radio.value === layers[radio.name];
    }
    say();
  };

  // Choosing what the other side shows swaps the sides: a picture beside itself says nothing.
  const choose = (side, layer) => {
    const other = side === "left" ? "right" : "left";
    if (layers[other] === layer) layers[other] = layers[side];
    layers[side] = layer;
    showLayers();
  };

  const showSample = (chosen) => {
    samples.forEach((sample, index) => sample.classList.toggle("chosen", index === chosen));
    tabs.forEach((tab, index) => {
      tab.setAttribute("aria-selected", String(index === chosen));
      tab.tabIndex = index === chosen ? 0 : -1;
    });
  };

  const percentAt = (stage, x) => {
    const box = stage.getBoundingClientRect();
    return (100 * (x - box.left)) / box.width;
  };

  const followPointer = (stage) => {
    stage.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      stage.setPointerCapture(event.pointerId);
      moveTo(percentAt(stage, event.clientX));
      stage.querySelector(".divider").focus({ preventScroll: true });
      event.preventDefault();
    });
    stage.addEventListener("pointermove", (event) => {
      if (stage.hasPointerCapture(event.pointerId)) moveTo(percentAt(stage, event.clientX));
    });
  };

  const followKeys = (divider) => {
    divider.addEventListener("keydown", (event) => {
      const step = event.shiftKey ? 10 : 2;
      const targets = {
        ArrowLeft: split - step,
        ArrowDown: split - step,
        ArrowRight: split + step,
        ArrowUp: split + step,
        PageDown: split - 10,
        PageUp: split + 10,
        Home: 0,
        End: 100,
      };
      if (!(event.key in targets)) return;
      event.preventDefault();
      moveTo(targets[event.key]);
    });
  };

  const followTab = (tab, index) => {
    tab.querySelector("img").src = samples[index].querySelector("[data-layer=fused] img").src;
    tab.addEventListener("click", () => showSample(index));
    tab.addEventListener("keydown", (event) => {
      const steps = { ArrowLeft: -1, ArrowRight: 1 };
      if (!(event.key in steps)) return;
      event.preventDefault();
      const next = (index + steps[event.key] + tabs.length) % tabs.length;
      showSample(next);
      tabs[next].focus();
    });
  };

  // What is folded away is printed as well.
  const unfoldForPrint = () => {
    const folded = [...document.querySelectorAll("details:not([open])")];
    folded.forEach((details) => (details.open = true));
    window.addEventListener("afterprint", () => folded.forEach((details) => (details.open = false)), {
      once: true,
    });
  };

  window.addEventListener("beforeprint", unfoldForPrint);
  if (!samples.length) return;
  document.documentElement.classList.add("js");
  samples.forEach((sample) => {
    sample.setAttribute("role", "tabpanel");
    followPointer(sample.querySelector(".stage"));
  });
  dividers.forEach(followKeys);
  tabs.forEach(followTab);
  viewer.addEventListener("change", (event) => choose(event.target.name, event.target.value));
  showLayers();
  showSample(0);
  moveTo(50);
})();
