// Draws the charts of a page with uPlot, from the data that the page names. The tables beneath them say the same without a picture.
(() => {
  const curve = document.getElementById("curve");
  const charts = new Map();
  let data = null;
  let loading = false;
  let again = false;

  const colour = (name) => {
    const probe = document.createElement("span");
    probe.style.color = `var(${name})`;
    document.body.append(probe);
    const value = getComputedStyle(probe).color;
    probe.remove();
    return value;
  };
  const percent = (value, digits) => (value * 100).toFixed(digits);
  const font = () => `12px ${getComputedStyle(document.body).fontFamily}`;

  const axis = (label, values) => ({
    label,
    labelFont: font(),
    labelSize: 22,
    font: font(),
    stroke: colour("--muted"),
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { stroke: colour("--line"), width: 1, size: 4 },
    values,
  });
  const percentAxis = (label, across) => {
    const digits = (splits) => (splits.every((v) => Math.abs(v * 100 - Math.round(v * 100)) < 1e-6) ? 0 : 1);
    return {
      ...axis(label, (_, splits) => splits.map((v) => percent(v, digits(splits)))),
      ...(across ? { space: 48 } : { size: 46 }),
    };
  };
  // Some room around the values, and one percent at least where they hardly differ.
  const room = (least, most) => {
    const margin = Math.max((most - least) * 0.06, 0.005);
    return [least - margin, most + margin];
  };

  const draw = (element, options, values) => {
    charts.get(element)?.destroy();
    element.replaceChildren();
    const chart = new uPlot(
      { width: element.clientWidth, height: element.clientHeight, cursor: { drag: { x: false, y: false } }, legend: { show: false }, ...options },
      values,
      element,
    );
    charts.set(element, chart);
  };

  const dot = (chart, x, y, shape) => {
    const size = 3.5 * devicePixelRatio;
    chart.ctx.beginPath();
    if (shape % 2 === 1) {
      chart.ctx.arc(x, y, size, 0, 2 * Math.PI);
    } else {
      chart.ctx.rect(x - size, y - size, 2 * size, 2 * size);
    }
    chart.ctx.fill();
  };

  // Each stage has its own colour and, in turn, round and square marks.
  const marks = (xs, ys, stages) => (chart) => {
    chart.ctx.save();
    chart.ctx.globalAlpha = 0.75;
    xs.forEach((x, i) => {
      if (ys[i] != null) {
        chart.ctx.fillStyle = colours[stages(i)];
        dot(chart, chart.valToPos(x, "x", true), chart.valToPos(ys[i], "y", true), stages(i));
      }
    });
    chart.ctx.restore();
  };
  let colours = [];

  // Where the pointer is near a mark, a press opens the page of its cell; the tables have the same links for the keyboard.
  const links = (xs, ys, cells) => (chart) => {
    const near = (event) => {
      const frame = chart.over.getBoundingClientRect();
      let found = null;
      let least = 12;
      xs.forEach((x, i) => {
        const distance = Math.hypot(chart.valToPos(x, "x") - (event.clientX - frame.left), chart.valToPos(ys[i], "y") - (event.clientY - frame.top));
        if (distance < least) {
          least = distance;
          found = i;
        }
      });
      return found;
    };
    chart.over.addEventListener("mousemove", (event) => {
      const i = near(event);
      chart.over.style.cursor = i == null ? "" : "pointer";
      chart.over.title = i == null ? "" : `cell ${cells[i]}, measured ${percent(ys[i], 2)} %`;
    });
    chart.over.addEventListener("click", (event) => {
      const i = near(event);
      if (i != null) {
        location.href = curve.dataset.trials + cells[i];
      }
    });
  };

  // Text, mark and colour of each line or kind of mark.
  const line = (dash) => `<path d="M1 7H17" stroke="currentColor" stroke-width="2.5" stroke-dasharray="${dash.join(" ")}"/>`;
  const legend = (items) => {
    document.getElementById("curve-legend").replaceChildren(
      ...items.map(([text, mark, name]) => {
        const item = document.createElement("li");
        item.innerHTML = `<svg width="18" height="14" color="var(${name})">${mark}</svg>`;
        item.append(text);
        return item;
      }),
    );
  };

  const drawCurve = () => {
    const { finished, accuracy, best, stage, cell } = data.curve;
    const stages = [...new Set(stage)].sort();
    legend([
      ["Best of all stages", line([]), "--ink"],
      ...stages.map((number) => [
        `Stage ${number}`,
        number % 2 === 1 ? '<circle cx="9" cy="7" r="4" fill="currentColor"/>' : '<rect x="5" y="3" width="8" height="8" fill="currentColor"/>',
        `--stage-${number}`,
      ]),
    ]);
    curve.hidden = finished.length === 0;
    if (curve.hidden) {
      return;
    }
    draw(
      curve,
      {
        scales: {
          x: { time: false, range: (_, least, most) => [0, Math.max(most * 1.02, 10)] },
          y: { range: (_, least, most) => room(least, most) },
        },
        axes: [axis("trials that ended"), percentAxis("accuracy in %")],
        series: [
          {},
          { stroke: "transparent", points: { show: false } },
          { stroke: colour("--ink"), width: 2, paths: uPlot.paths.stepped({ align: 1 }), points: { show: false } },
        ],
        hooks: { drawAxes: [marks(finished, accuracy, (i) => stage[i])], ready: [links(finished, accuracy, cell)] },
      },
      [finished, accuracy, best],
    );
  };

  const drawScatter = (element, { stage, predicted, measured, cell }) => {
    element.hidden = predicted.length === 0;
    if (element.hidden) {
      return;
    }
    const all = [...predicted, ...measured];
    const [least, most] = room(Math.min(...all), Math.max(...all));
    const diagonal = (chart) => {
      chart.ctx.save();
      chart.ctx.strokeStyle = colour("--line-strong");
      chart.ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
      chart.ctx.beginPath();
      chart.ctx.moveTo(chart.valToPos(least, "x", true), chart.valToPos(least, "y", true));
      chart.ctx.lineTo(chart.valToPos(most, "x", true), chart.valToPos(most, "y", true));
      chart.ctx.stroke();
      chart.ctx.restore();
    };
    const order = predicted.map((_, i) => i).sort((a, b) => predicted[a] - predicted[b]);
    const xs = order.map((i) => predicted[i]);
    const ys = order.map((i) => measured[i]);
    draw(
      element,
      {
        scales: { x: { time: false, range: [least, most] }, y: { range: [least, most] } },
        axes: [percentAxis("predicted in %", true), percentAxis("measured in %")],
        series: [{}, { stroke: "transparent", points: { show: false } }],
        hooks: { drawAxes: [diagonal, marks(xs, ys, () => stage)], ready: [links(xs, ys, order.map((i) => cell[i]))] },
      },
      [xs, ys],
    );
  };

  const drawSearch = () => {
    colours = [0, 1, 2, 3, 4, 5].map((stage) => colour(`--stage-${Math.max(stage, 1)}`));
    drawCurve();
    for (const stage of data.stages) {
      const element = document.getElementById(`scatter-${stage.stage}`);
      if (element) {
        drawScatter(element, stage);
      }
    }
  };

  // Lines of one chart differ in colour and in dashes.
  const dashes = [[], [7, 4], [2, 3], [9, 3, 2, 3], [4, 2], [12, 4], [1, 2], [6, 2, 2, 2]];

  const drawEpochs = () => {
    const { epoch, attempts } = data;
    const several = attempts.length > 1;
    const name = (i) => (several ? `--line-${(i % 8) + 1}` : "--accent");
    legend(several ? attempts.map((each, i) => [`Attempt ${each.attempt}`, line(dashes[i % 8]), name(i)]) : []);
    curve.hidden = epoch.length === 0;
    if (curve.hidden) {
      return;
    }
    draw(
      curve,
      {
        scales: { x: { time: false, range: [0.5, Math.max(epoch.length, 2) + 0.5] }, y: { range: (_, least, most) => room(least, most) } },
        axes: [{ ...axis("epoch", (_, splits) => splits.map((v) => (Number.isInteger(v) ? v : ""))), incrs: [1, 2, 5, 10, 20, 50, 100, 1000] }, percentAxis("accuracy in %")],
        series: [
          {},
          ...attempts.map((_, i) => ({ stroke: colour(name(i)), width: 2, dash: dashes[i % 8], spanGaps: true, points: { show: true, size: 7, fill: colour(name(i)) } })),
        ],
      },
      [epoch, ...attempts.map((each) => each.accuracy)],
    );
  };

  // Trainer time in the unit that gives the axis the shortest numbers.
  const timeUnit = (most) => [["hours", 3600], ["minutes", 60], ["seconds", 1]].find(([, seconds]) => most >= 3 * seconds) ?? ["seconds", 1];

  const drawComparison = () => {
    const by = document.querySelector("#curve-by input:checked").value;
    const most = Math.max(0, ...data.map((each) => each[by].at(-1) ?? 0));
    const [unit, scale] = by === "finished" ? ["trials that ended", 1] : timeUnit(most);
    legend(data.map((each, i) => [each.name, line(dashes[i]), `--line-${i + 1}`]));
    if (most === 0) {
      return;
    }
    draw(
      curve,
      {
        scales: { x: { time: false, range: [0, (most / scale) * 1.02] }, y: { range: (_, low, high) => room(low, high) } },
        axes: [axis(by === "finished" ? unit : `trainer time in ${unit}`), percentAxis("accuracy in %")],
        series: [
          {},
          ...data.map((_, i) => ({ stroke: colour(`--line-${i + 1}`), width: 2, dash: dashes[i], paths: uPlot.paths.stepped({ align: 1 }), points: { show: false } })),
        ],
      },
      uPlot.join(data.map((each) => [each[by].map((x) => x / scale), each.best])),
    );
  };

  const draws = { search: drawSearch, epochs: drawEpochs, comparison: drawComparison };
  const drawAll = () => {
    if (data) {
      draws[curve.dataset.kind]();
    }
  };

  // One request at a time; whatever happens meanwhile asks for one more.
  const load = async () => {
    if (loading) {
      again = true;
      return;
    }
    loading = true;
    try {
      const answer = await fetch(curve.dataset.source);
      if (answer.ok) {
        data = await answer.json();
        drawAll();
      }
    } finally {
      loading = false;
      if (again) {
        again = false;
        load();
      }
    }
  };

  document.body.addEventListener("htmx:sseMessage", (event) => {
    if (event.detail.type === curve.dataset.updates) {
      load();
    }
  });
  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target?.id === "predictions") {
      drawAll();
    }
  });
  document.addEventListener("pnas:theme", drawAll);
  const choice = document.getElementById("curve-by");
  if (choice) {
    choice.hidden = false;
    choice.addEventListener("change", drawAll);
  }
  new ResizeObserver(() => {
    if (charts.get(curve)?.width !== curve.clientWidth) {
      drawAll();
    }
  }).observe(curve);
  load();
})();
