// The hits of this desk: those that wait, by priority and newest first, those acknowledged here, and the one shown large.

const PRIORITIES = ["highest", "high", "routine"];
const ACKNOWLEDGED = "plateward.acknowledged";
const ACKNOWLEDGED_MAX = 500;

/** A key that was meant for the hit before must not fall on the one that has just taken its place. */
const TOO_SOON_MS = 1000;

const byId = (id) => document.getElementById(id);

export class Queue {
  #hits = new Map();
  #acknowledged = new Set(JSON.parse(sessionStorage.getItem(ACKNOWLEDGED) ?? "[]"));
  #shown = null;
  #chosenByHand = false;
  #tookPlaceAt = -Infinity;

  constructor() {
    const articles = new Map([...document.querySelectorAll("article.hit")].map((one) => [one.dataset.hit, one]));
    for (const row of document.querySelectorAll("#waiting > li")) this.#take(row, articles.get(row.dataset.hit));
    byId("stage").classList.add("led");
    this.#settle();
  }

  has(id) {
    return this.#hits.has(id);
  }

  /** Takes in a hit that has arrived; says whether it is news: a read of the past sounds for nobody. */
  add(row, article) {
    row.classList.add("arrived");
    byId("stage").append(article);
    this.#take(row, article);
    this.#settle();
    return !this.#hits.get(row.dataset.hit).isPast;
  }

  /** Takes in what is new of a hit that is here. It keeps its place; says whether it is news. */
  renew(row, article) {
    const before = this.#hits.get(row.dataset.hit);
    row.dataset.sequence = before.sequence;
    before.row.replaceWith(row);
    before.article.replaceWith(article);
    this.#take(row, article);
    this.#settle();
    this.#show(this.#shown);
    return before.isPast && !this.#hits.get(row.dataset.hit).isPast;
  }

  /** The hits that wait, the most urgent first. */
  get waiting() {
    return [...this.#hits.values()].filter(({ id }) => !this.#acknowledged.has(id)).sort(byUrgency);
  }

  /** Shows a hit that the person chose; it stays until they choose another or acknowledge it. */
  choose(id) {
    this.#chosenByHand = this.waiting[0]?.id !== id;
    this.#show(id);
  }

  /** Goes down (1) or up (-1) among those that wait. */
  step(by) {
    const waiting = this.waiting;
    const at = waiting.findIndex(({ id }) => id === this.#shown);
    const next = waiting[at < 0 ? 0 : Math.min(waiting.length - 1, Math.max(0, at + by))];
    if (next) this.choose(next.id);
  }

  /** Acknowledges the hit shown, at this desk; false when there is none or it has only just appeared. */
  acknowledge() {
    const waits = this.#shown && !this.#acknowledged.has(this.#shown);
    if (!waits || performance.now() - this.#tookPlaceAt < TOO_SOON_MS) return false;
    this.#acknowledged.add(this.#shown);
    sessionStorage.setItem(ACKNOWLEDGED, JSON.stringify([...this.#acknowledged].slice(-ACKNOWLEDGED_MAX)));
    this.#chosenByHand = false;
    this.#file(this.#hits.get(this.#shown));
    this.#settle({ byHand: true });
    return true;
  }

  #take(row, article) {
    const { hit: id, priority, sequence, raised } = row.dataset;
    const isPast = "retroactive" in row.dataset;
    const rank = PRIORITIES.indexOf(priority);
    const one = { id, row, article, rank, priority, sequence: Number(sequence), raisedAt: new Date(raised), isPast };
    this.#hits.set(id, one);
    row.querySelector("a").addEventListener("click", (event) => {
      event.preventDefault();
      this.choose(id);
    });
    this.#file(one);
  }

  #file(one) {
    const done = this.#acknowledged.has(one.id);
    one.article.classList.toggle("acknowledged", done);
    one.article.querySelector("[data-acknowledge]").hidden = done;
    if (done) return byId("acknowledged").prepend(one.row);
    const follower = this.waiting.find((other) => other !== one && byUrgency(one, other) < 0);
    byId("waiting").insertBefore(one.row, follower?.row.parentElement === byId("waiting") ? follower.row : null);
  }

  #settle({ byHand = false } = {}) {
    const waiting = this.waiting;
    const done = this.#hits.size - waiting.length;
    byId("waiting-count").textContent = waiting.length;
    byId("handled-count").textContent = done;
    byId("handled").hidden = done === 0;
    document.title = `${waiting.length ? `(${waiting.length}) ` : ""}Desk · Plateward`;
    if (this.#chosenByHand) return;
    const head = waiting[0]?.id ?? null;
    if (head !== this.#shown && !byHand) this.#tookPlaceAt = performance.now();
    this.#show(head);
  }

  #show(id) {
    this.#shown = id;
    for (const one of this.#hits.values()) {
      const shown = one.id === id;
      one.article.classList.toggle("shown", shown);
      one.row.classList.toggle("shown", shown);
      one.row.querySelector("a").toggleAttribute("aria-current", shown);
      if (shown) one.row.scrollIntoView({ block: "nearest" });
    }
    byId("nothing").hidden = id !== null;
  }
}

function byUrgency(one, other) {
  return one.rank - other.rank || other.sequence - one.sequence;
}
