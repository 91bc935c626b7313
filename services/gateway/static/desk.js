// The live desk: hits as they come, their sound, and the keys.

import { Queue } from "./queue.js";
import { Sound } from "./sound.js";
import { followHits } from "./stream.js";

/** Hits raised longer ago than this before the page was opened wait without sounding. */
const STILL_SOUNDS_MS = 10 * 60 * 1000;
const TRY_AGAIN_MS = 2000;

const byId = (id) => document.getElementById(id);
const { zone, newest } = document.body.dataset;
const strip = byId("strip");
const queue = new Queue();
const sound = new Sound(showSound);
const silentBefore = Date.now() - STILL_SOUNDS_MS;

let serverAheadMs = 0;
let lastTick = new Date();
/** The hits on their way here, and whether each was told once more meanwhile. */
const coming = new Map();
const unshown = new Set();

// --- What the strip says ---

function say(kind, ...parts) {
  strip.className = `strip ${kind}`;
  strip.replaceChildren(...parts);
}

function element(name, text, attributes = {}) {
  return Object.assign(document.createElement(name), { textContent: text }, attributes);
}

function clockTime(at) {
  return at.toLocaleTimeString("en-GB", { timeZone: zone });
}

/** A line for each list that matches nothing for want of a refresh, while it lasts. */
function showSilent(lists) {
  const lines = lists.map(({ name, since }) => {
    const line = element("p", ` has not been refreshed and matches nothing since ${clockTime(new Date(since))}`);
    line.prepend(element("b", name));
    return line;
  });
  const place = byId("silent-lists");
  if (place.textContent.trim() === lines.map((line) => line.textContent).join("")) return;
  place.replaceChildren(...lines);
  place.hidden = lines.length === 0;
}

function live(at) {
  lastTick = at;
  serverAheadMs = at.getTime() - Date.now();
  if (unshown.size) return say("lost", `${unshown.size} new on the stream cannot be shown yet, trying again`);
  const time = byId("live-at");
  if (time && strip.classList.contains("live")) time.textContent = clockTime(at);
  else say("live", "Hits are live", element("b", clockTime(at), { id: "live-at", ariaHidden: "true" }));
}

// --- Hits as they come ---

async function arrive({ hit }) {
  if (coming.has(hit.id)) return coming.set(hit.id, true);
  let parts;
  do {
    coming.set(hit.id, false);
    parts = await untilShown(hit.id);
  } while (coming.get(hit.id));
  coming.delete(hit.id);
  const { row, article } = parts;
  if (!row) return;
  // Seen once more it is renewed where it stands, silently; only one of the past that comes live is news again.
  const isNews = queue.has(hit.id) ? queue.renew(row, article) : queue.add(row, article);
  if (!isNews) return sounding();
  byId("announcement").textContent = inWords(row);
  sounding({ anew: true });
}

/** A hit's row and article, however long it takes; neither when the hit is gone by then. */
async function untilShown(id) {
  for (;;) {
    const parts = await fragment(id).catch(() => null);
    if (parts) {
      unshown.delete(id);
      return parts;
    }
    unshown.add(id);
    await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
  }
}

async function fragment(id) {
  const response = await fetch(`/desk/hits/${id}`, { cache: "no-store", redirect: "error" });
  if (response.status === 404) return {};
  if (!response.ok) throw new Error(`the hit's page answers ${response.status}`);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return { row: page.querySelector("li[data-hit]"), article: page.querySelector("article.hit") };
}

function inWords(row) {
  const text = (part) => row.querySelector(part).textContent;
  const plate = [...text(".plate")].join(" ");
  return `New hit, ${text(".priority")} priority: ${text(".what")}, plate ${plate}, at ${text(".where")}.`;
}

// --- Sound ---

function sounding({ anew = false } = {}) {
  const loudest = queue.waiting.find((one) => !one.isPast && one.raisedAt.getTime() > silentBefore);
  sound.callFor(loudest?.priority ?? null, { anew });
}

function showSound() {
  const button = byId("sound");
  button.hidden = false;
  button.classList.toggle("primary", !sound.on);
  button.textContent = sound.on ? "Sound is on" : "Turn sound on";
  button.title = sound.on ? "Plays a tone to hear that it is" : "The browser waits for a click or a key before any tone";
}

function showMute() {
  byId("mute").setAttribute("aria-pressed", String(sound.muted));
  byId("mute").firstChild.textContent = sound.muted ? "Muted but for the highest " : "Mute ";
}

// --- What a person does ---

function acknowledge() {
  if (!queue.acknowledge()) return;
  byId("announcement").textContent = `Acknowledged at this desk. ${queue.waiting.length} waiting.`;
  sounding();
  document.querySelector("article.shown")?.focus({ preventScroll: true });
}

function mute() {
  sound.muted = !sound.muted;
  showMute();
}

const KEYS = {
  j: () => queue.step(1),
  k: () => queue.step(-1),
  a: acknowledge,
  m: mute,
  "?": () => byId("help").showModal(),
};

document.addEventListener("keydown", (event) => {
  const elsewhere = event.ctrlKey || event.metaKey || event.altKey || event.repeat || byId("help").open;
  const act = elsewhere ? undefined : KEYS[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
});
byId("stage").addEventListener("click", (event) => event.target.closest("[data-acknowledge]") && acknowledge());
byId("sound").addEventListener("click", () => sound.on && sound.sample());
byId("mute").addEventListener("click", mute);
byId("keys").addEventListener("click", KEYS["?"]);
for (const gesture of ["pointerup", "keydown"]) document.addEventListener(gesture, () => sound.on || sound.turnOn());

// --- Ages count up ---

function age(of) {
  const seconds = Math.max(0, Math.floor((Date.now() + serverAheadMs - of) / 1000));
  const two = (number) => String(number).padStart(2, "0");
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ${two(Math.floor((seconds % 3600) / 60))} min`;
  const days = Math.floor(seconds / 86400);
  return days === 1 ? "1 day" : `${days} days`;
}

setInterval(() => {
  for (const time of document.querySelectorAll("[data-age]")) time.textContent = age(Date.parse(time.dateTime));
}, 1000);

for (const id of ["mute", "keys"]) byId(id).hidden = false;
showSound();
showMute();
sounding();
say("", "Connecting to the live hits");
followHits(Number(newest), {
  hit: arrive,
  tick: (at, silentLists) => {
    live(at);
    showSilent(silentLists);
  },
  lost: () => {
    say("lost", `Live hits lost since ${clockTime(lastTick)}, reconnecting`);
    byId("announcement").textContent = "Live hits are lost, reconnecting.";
  },
  ended: () => say("lost", "Your session has ended, no hits come in: ", element("a", "sign in again", { href: "/login" })),
});
