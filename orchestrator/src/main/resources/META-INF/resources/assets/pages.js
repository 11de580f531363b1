// What pages need beyond htmx: the switch between light and dark, the spoken state, and care for whoever is pressing a button.
(() => {
  const root = document.documentElement;
  const button = document.getElementById("theme");
  const system = matchMedia("(prefers-color-scheme: dark)");

  const theme = () => root.dataset.theme ?? (system.matches ? "dark" : "light");
  const other = () => (theme() === "dark" ? "light" : "dark");
  const show = () => {
    button.textContent = other() === "dark" ? "Dark" : "Light";
    button.setAttribute("aria-label", `Switch to ${other()} colours`);
    document.dispatchEvent(new Event("pnas:theme"));
  };
  button.addEventListener("click", () => {
    root.dataset.theme = other();
    localStorage.setItem("theme", theme());
    show();
  });
  system.addEventListener("change", show);
  show();

  // A live region speaks whenever its text changes, so it is changed only where the state or the stage did.
  const spoken = document.getElementById("spoken");
  const speak = () => {
    const text = document.querySelector("[data-spoken]")?.dataset.spoken;
    if (spoken && text && spoken.textContent !== text) {
      spoken.textContent = text;
    }
  };
  document.body.addEventListener("htmx:afterSettle", speak);
  speak();

  // A button that is replaced while it is pressed loses its click, and a table that is replaced loses its scrolling: updates that nobody
  // asked for wait for the next one.
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const asked = event.detail.requestConfig?.triggeringEvent;
    const byServer = !asked || asked.type.startsWith("sse:");
    if (byServer && event.detail.target.querySelector(":active, select:focus")) {
      event.detail.shouldSwap = false;
    }
  });
  // What somebody opened stays open when it is replaced.
  const opened = new Set();
  document.addEventListener(
    "toggle",
    ({ target }) => (target.open ? opened.add(target.id) : opened.delete(target.id)),
    /* capture= */ true,
  );
  document.body.addEventListener("htmx:afterSettle", () => {
    for (const id of opened) {
      document.getElementById(id)?.setAttribute("open", "");
    }
  });
  const scrolled = new Map();
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const place = event.detail.target.querySelector(".scroll, .feed");
    if (place) {
      scrolled.set(event.detail.target, [place.scrollLeft, place.scrollTop]);
    }
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    const [left, top] = scrolled.get(event.detail.target) ?? [0, 0];
    event.detail.target.querySelector(".scroll, .feed")?.scrollTo(left, top);
  });

  // A stream that is refused, since so many are open, is asked for again ever more seldom by the extension; each time the page looks for itself once.
  document.body.addEventListener("htmx:sseError", ({ target, detail }) => {
    if (detail.source?.readyState === EventSource.CLOSED) {
      for (const name of ["state", "progress", "results", "changed"]) {
        for (const part of target.querySelectorAll(`[hx-trigger*="sse:${name}"]`)) {
          htmx.trigger(part, `sse:${name}`);
        }
      }
    }
  });

  for (const copy of document.querySelectorAll("[data-copy]")) {
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      const source = document.getElementById(copy.dataset.copy);
      try {
        await navigator.clipboard.writeText(source.textContent);
        copy.textContent = "Copied";
      } catch {
        // Not every page may write to the clipboard: then the text is at least selected.
        getSelection().selectAllChildren(source);
      }
    });
  }
})();
