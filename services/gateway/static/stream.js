// The live hits as server-sent events. Read with fetch rather than EventSource, so that a stream that stands still is
// left and taken up again where it stopped, and so that the end of a session is told from a failure.

const PATH = "/v1/hits/stream";
/** Ticks come every second. With the watch below, a loss is on the screen within three seconds of the last one. */
const TICKS_MISSED_MS = 2700;
const WATCH_MS = 250;
const PAUSE_MS = 1000;

/**
 * Follows the hits after a sequence number until the session ends.
 * @param {number} after the newest hit that the page has
 * @param {{hit: (data: object) => void, tick: (at: Date, silentLists: object[]) => void, lost: () => void, ended: () => void}} on
 */
export async function followHits(after, on) {
  let newest = String(after);
  let heardAt = performance.now();
  let lost = false;
  let leave = () => {};

  setInterval(() => {
    if (performance.now() - heardAt < TICKS_MISSED_MS) return;
    if (!lost) on.lost();
    lost = true;
    leave();
  }, WATCH_MS);

  for (;;) {
    const leaving = new AbortController();
    // A connection gets as long to speak as a silence may last, so that a retry is not cut off while it opens.
    const openedAt = performance.now();
    let spoke = false;
    leave = () => performance.now() - openedAt >= TICKS_MISSED_MS && leaving.abort();
    try {
      const response = await fetch(PATH, {
        headers: { Accept: "text/event-stream", "Last-Event-ID": newest },
        cache: "no-store",
        signal: leaving.signal,
      });
      if (response.status === 401 || response.status === 403) return on.ended();
      if (!response.ok) throw new Error(`the stream answers ${response.status}`);
      for await (const event of eventsOf(response.body)) {
        heardAt = performance.now();
        lost = false;
        spoke = true;
        if (event.name === "tick") {
          const tick = JSON.parse(event.data);
          on.tick(new Date(tick.at), tick.silent_lists);
        }
        if (event.name === "hit") on.hit(JSON.parse(event.data));
        if (event.id) newest = event.id;
      }
    } catch {
      // Whatever it was, the watch above says when it has lasted too long.
    }
    // A stream that has run its time is taken up again at once; one that would not open gets a moment.
    if (!spoke) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

async function* eventsOf(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let event = {};
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (rest + value).split(/\r?\n/);
    rest = lines.pop();
    for (const line of lines) {
      if (line === "") {
        if (event.data !== undefined) yield event;
        event = {};
        continue;
      }
      const [, field, text] = /^([^:]*):? ?(.*)$/.exec(line);
      if (field === "event") event.name = text;
      if (field === "id") event.id = text;
      if (field === "data") event.data = event.data === undefined ? text : `${event.data}\n${text}`;
    }
  }
}
